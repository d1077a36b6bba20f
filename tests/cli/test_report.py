"""`ngn report`; `--against` and `--leaderboard` of `ngn-compare`, from outside."""

from __future__ import annotations

import json
import shutil

import pytest

from ngn_core.cli.compare import main as compare
from ngn_core.cli.workbench import main as ngn
from ngn_core.experiment.facts import CRYSTALS, FACTS
from ngn_core.experiment.store import result_folders


@pytest.fixture
def runs(tmp_path, capsys):
    """Baselines on the embedded alloys."""
    folder = tmp_path / "runs"
    arguments = ["--limit", "40", "--cache", str(tmp_path / "cache"), "--costs", "none"]
    specs = ["baselines/mean", "baselines/median"]
    assert compare([*specs, *arguments, "--out", str(folder)]) == 0
    capsys.readouterr()
    return folder


def files(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_results_alone_give_the_files_that_the_comparison_gave(runs, tmp_path):
    assert ngn(["report", str(runs), "--out", str(tmp_path / "again")]) == 0
    assert files(tmp_path / "again") == files(runs / "report")


def test_results_of_several_machines_give_the_same_files(runs, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    for place, folder in enumerate(list(result_folders(runs))):
        if place % 2:
            shutil.copytree(folder, there / folder.name)
        shutil.copytree(folder, here / folder.name) if place != 3 else None
    arguments = [str(there), str(here), "--out", str(tmp_path / "joined")]
    assert ngn(["report", *arguments]) == 0
    assert files(tmp_path / "joined") == files(runs / "report")


def test_results_stored_without_facts_are_reported_and_mended(runs, tmp_path, capsys):
    before = files(runs / "report")
    for folder in result_folders(runs):
        (folder / FACTS).unlink()
        (folder / CRYSTALS).unlink()
    assert ngn(["report", str(runs), "--out", str(tmp_path / "old")]) == 0
    assert (
        "10 trials have no formulas, groups and duplicates" in capsys.readouterr().out
    )
    specs = ["baselines/mean", "baselines/median", "--limit", "40", "--costs", "none"]
    cache = ["--cache", str(tmp_path / "cache")]
    assert compare([*specs, *cache, "--out", str(runs)]) == 0
    assert "10 of 10 trials are stored already" in capsys.readouterr().err
    assert files(runs / "report") == before


def test_an_archive_gives_the_files_that_the_comparison_gave(
    runs, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    archive = tmp_path / "study.tar.xz"
    before = files(runs / "report")
    assert ngn(["report", str(runs), "--archive", str(archive)]) == 0
    assert f"archive: {archive}" in capsys.readouterr().err
    assert ngn(["report", str(archive)]) == 0
    assert files(tmp_path / "report") == before == files(runs / "report")


def test_trials_are_added_to_an_archive(runs, tmp_path):
    first, *others = result_folders(runs)
    whole, grown = tmp_path / "whole.tar.xz", tmp_path / "grown.tar.xz"
    out = ["--out", str(tmp_path / "report")]
    assert ngn(["report", str(runs), *out, "--archive", str(whole)]) == 0
    assert ngn(["report", str(first), *out, "--archive", str(grown)]) == 0
    assert grown.read_bytes() != whole.read_bytes()
    more = [str(grown), *map(str, others), *out, "--archive", str(grown)]
    assert ngn(["report", *more]) == 0
    assert grown.read_bytes() == whole.read_bytes()


def test_a_file_that_is_no_archive_is_a_sentence(tmp_path, capsys):
    file = tmp_path / "study.tar.xz"
    file.write_bytes(b"\xfd7zXZ\0")
    assert ngn(["report", str(file)]) == 2
    assert f"{file}: no archive of trials: it is cut off" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected RUNS"),
        (["nowhere"], "nowhere: no such folder"),
        (["--against", "nowhere.json.gz"], "expected --out DIR"),
        (
            ["--against", "nowhere.json.gz", "--out", "x"],
            "nowhere.json.gz: cannot be read",
        ),
    ],
)
def test_mistakes_are_sentences(arguments, said, capsys):
    assert ngn(["report", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_submission_that_cannot_fit_is_refused_before_any_training(tmp_path, capsys):
    file = tmp_path / "theirs.json"
    tasks = {"matbench_jdft2d": {"results": {}}}
    file.write_text(json.dumps({"benchmark_name": "matbench_v0.1", "tasks": tasks}))
    out = tmp_path / "runs"
    arguments = ["baselines/mean", "--limit", "30", "--against", str(file)]
    assert compare([*arguments, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "a submission to matbench_jdft2d; the trials are on emt_alloys" in said
    assert not list(result_folders(out))


def test_submitting_what_is_no_task_is_a_sentence(runs, tmp_path, capsys):
    arguments = ["--spec", "Mean", "--out", str(tmp_path / "out")]
    assert ngn(["submit", str(runs), *arguments]) == 2
    assert "no task of MatBench" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
