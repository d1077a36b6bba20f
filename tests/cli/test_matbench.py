"""MatBench's tasks from local folders, through the command line."""

from __future__ import annotations

import csv
import json

import pytest

from ngn_core.cli.compare import main
from ngn_core.dataset.matbench import TASKS
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import result_folders

METAL = TASKS["matbench_mp_is_metal"]


@pytest.fixture
def compare(tmp_path, capsys):
    """Return a function that compares a baseline, which needs no training."""

    def call(dataset, *arguments):
        place = ["--out", str(tmp_path / "runs"), "--cache", str(tmp_path / "cache")]
        data = ["--dataset", str(dataset), "--jobs", "1"]
        code = main(["baselines/mean", *data, *place, *arguments])
        return code, capsys.readouterr()

    return call


def test_a_part_of_a_task_needs_no_target_and_is_never_called_by_its_name(
    compare, shared, tmp_path
):
    code, printed = compare(shared / "data" / "matbench_dielectric", "--limit", "30")
    assert code == 0
    assert "part of matbench_dielectric: 30 of 4,764 crystals; n (regr" in printed.out
    assert "(official)" in printed.out
    assert "1,180 of 4,236 rows left out" in printed.out
    report = tmp_path / "runs" / "report"
    assert "## part of matbench_dielectric: 30 of" in (
        report / "comparison.md"
    ).read_text(encoding="utf-8")
    with (report / "comparison.csv").open(encoding="utf-8") as file:
        named = {row["dataset"] for row in csv.DictReader(file)}
    assert named == {"part of matbench_dielectric"}
    for folder in result_folders(tmp_path / "runs"):
        assert read_result(folder).dataset == "part of matbench_dielectric"


def write_metals(folder, folds):
    """Write crystals with ids of mp_is_metal, every other one a metal."""
    folder.mkdir()
    rows = [
        {
            "id": METAL.id(number + 1),
            "lattice": [[4.0 + 0.01 * number, 0, 0], [0, 4, 0], [0, 0, 4]],
            "species": ["Na", "Cl"],
            "frac": [[0, 0, 0], [0.5, 0.5, 0.5]],
            "is_metal": number % 2 == 0,
            "fold": fold,
        }
        for number, fold in enumerate(folds)
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "data.jsonl").write_text(lines)
    return folder


def test_metals_are_classes_and_both_scores_are_named(compare, tmp_path):
    folder = write_metals(tmp_path / "metals", [i // 2 % 5 for i in range(20)])
    code, printed = compare(folder)
    assert code == 0
    heading = "part of matbench_mp_is_metal: 20 of 106,113 crystals; is_metal (binary)"
    assert heading in printed.out
    text = (tmp_path / "runs" / "report" / "comparison.md").read_text(encoding="utf-8")
    assert "ROC-AUC |" in text
    assert "balanced accuracy (MatBench calls it rocauc)" in text


def test_folds_that_are_not_the_tasks_give_no_score(compare, shared, tmp_path):
    lines = (tmp_path / "jdft2d.jsonl").open("w")
    task = TASKS["matbench_jdft2d"]
    for number in range(1, 31):
        name = task.id(number)
        fold = task.official_fold(name)
        row = {
            "id": name,
            "lattice": [[4, 0, 0], [0, 4, 0], [0, 0, 4]],
            "species": ["Na"],
            "frac": [[0, 0, 0]],
            "exfoliation_en": 1.0 * number,
            "fold": (fold + 1) % 5 if number == 17 else fold,
        }
        lines.write(json.dumps(row) + "\n")
    lines.close()
    code, printed = compare(tmp_path / "jdft2d.jsonl")
    assert code != 0
    right = task.official_fold(task.id(17))
    for part in ("matbench_jdft2d", f"fold {(right + 1) % 5}: mb-jdft2d-017"):
        assert part in printed.err
    assert "MAE" not in printed.out
    assert not (tmp_path / "runs" / "report").exists()
