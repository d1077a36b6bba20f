"""`ngn tune` and `--protocol tuned` from the outside."""

from __future__ import annotations

import json
import os
import signal

import pytest

from ngn_core.cli.compare import main as compare
from ngn_core.cli.workbench import main as workbench
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import result_folders
from ngn_core.report.progress import Progress
from ngn_core.spec.load import load_specs

pytest.importorskip("optuna")

DATA = ["--limit", "20", "--split", "group:2"]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "small.yaml").write_text(
        "extends: cgcnn\nname: small\n"
        "network: {embed: {node: {width: 4}}, head: {layers: [1]}}\n"
    )
    (tmp_path / "space.yaml").write_text(
        "train.optimizer.lr: [0.001, 0.01]\nnetwork.embed.node.width: [4, 6]\n"
    )
    return tmp_path


def arguments(files):
    kept = ["--out", str(files / "runs"), "--cache", str(files / "cache")]
    return [*DATA, *kept, "--space", str(files / "space.yaml"), "--trials", "2"]


def test_a_spec_tuned_in_one_fold_is_marked_in_the_other(files, registry, capsys):
    spec = str(files / "small.yaml")
    tune = ["tune", spec, *arguments(files), "--fold", "1", "--budget", "epochs=1"]
    assert workbench(tune) == 0
    assert "Best of each fold" in capsys.readouterr().out
    file = files / "runs" / "specs" / "small_fold1.yaml"
    [tuned] = load_specs([str(file)], registry)
    assert (tuned.tuned.fold, tuned.tuned.folds, tuned.tuned.trials) == (1, 2, 2)
    assert tuned.tuned.spec == "small"
    assert tuned.train["regression"].validation == 0.1
    kept = ["--out", str(files / "own"), "--cache", str(files / "cache")]
    assert compare([str(file), *DATA, *kept, "--costs", "none"]) == 0
    results = map(read_result, result_folders(files / "own"))
    marked = {result.fold: result.training["saw_labels"] for result in results}
    assert marked == {0: True, 1: False}
    printed = " ".join(capsys.readouterr().out.split())
    assert "small (tuned on fold 1): selection saw these labels on fold 0" in printed


def test_the_same_call_again_tunes_nothing_anew(files, capsys, monkeypatch):
    spec = str(files / "small.yaml")
    tune = ["tune", spec, *arguments(files), "--budget", "epochs=1"]
    assert workbench(tune) == 0
    first = capsys.readouterr().out
    specs = kept(files / "runs" / "specs")
    assert sorted(specs) == ["small_fold0.yaml", "small_fold1.yaml"]
    trials = set(result_folders(files / "runs" / "inner"))
    assert trials

    def refuse(*given, **more):
        pytest.fail("a trial was trained again")

    monkeypatch.setattr("ngn_core.experiment.run.train_trial", refuse)
    assert workbench(tune) == 0
    assert capsys.readouterr().out == first
    assert kept(files / "runs" / "specs") == specs
    assert set(result_folders(files / "runs" / "inner")) == trials


def test_a_signal_ends_it_and_the_same_call_finds_the_same(files, capsys, monkeypatch):
    tune = ["tune", str(files / "small.yaml"), *arguments(files), "--fold", "0"]
    tune += ["--budget", "epochs=3"]
    assert workbench([*tune, "--out", str(files / "whole")]) == 0
    step, seen = Progress.step, set()

    def interrupted(self, name, done, total):
        step(self, name, done, total)
        if "inside of fold" in name:
            seen.add(name)
            if len(seen) == 2:  # in the first epoch of the second trial
                os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patched:
        patched.setattr(Progress, "step", interrupted)
        assert workbench(tune) == 75
    assert "SIGTERM came: what is done is stored" in capsys.readouterr().err
    assert not (files / "runs" / "specs").exists()
    assert workbench(tune) == 0
    assert kept(files / "runs" / "specs") == kept(files / "whole" / "specs")
    trials = [
        [folder.name for folder in result_folders(files / name / "inner")]
        for name in ("runs", "whole")
    ]
    assert trials[0] == trials[1]


def kept(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_every_fold_gets_a_study_of_its_own(files, capsys):
    spec, asked = str(files / "small.yaml"), arguments(files)
    tuned = [spec, "--protocol", "tuned", "--epochs", "1", "--costs", "none", *asked]
    assert compare(tuned) == 0
    for result in map(read_result, result_folders(files / "runs")):
        record = result.training
        assert record["protocol"] == "tuned"
        assert not record["saw_labels"]
        candidates = record["choice"]["candidates"]
        assert len(candidates) == 2
        scored = [one for one in candidates if one["score"] is not None]
        best = min(scored, key=lambda one: one["score"])
        assert all(
            best[key] == value for key, value in record["choice"]["chosen"].items()
        )
        assert record["lr"] == best["train.optimizer.lr"]
    assert len(list((files / "runs" / "studies").glob("*.journal"))) == 2
    [table] = json.loads((files / "runs/report/comparison.json").read_text())
    assert any("a study of 2 trials" in remark for remark in table["remarks"])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--budget", "3m"], "the trials of a study are given by --trials"),
        (["--fold", "5"], "--fold 5: expected one of 0 to 1"),
        (["--trials", "0"], "--trials 0"),
    ],
)
def test_mistakes_are_sentences_before_any_training(files, capsys, given, sentence):
    spec = str(files / "small.yaml")
    assert workbench(["tune", spec, *arguments(files), *given]) == 2
    assert sentence in capsys.readouterr().err
    assert not (files / "runs" / "inner").exists()


def test_flags_of_another_protocol_are_refused(files, capsys):
    for flags in (["--trials", "3"], ["--learning-rates", "1e-3,1e-2"]):
        assert compare([str(files / "small.yaml"), *DATA, *flags]) == 2
        assert f"{flags[0]}: nothing reads it" in capsys.readouterr().err
