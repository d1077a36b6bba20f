"""The folder for a pull request to MatBench, against the package that reads it."""

from __future__ import annotations

import ast
import gzip
import json
from dataclasses import replace
from statistics import fmean

import numpy as np
import pytest

from ngn_core.errors import TrialError
from ngn_core.matbench.matbench_scores import matbench_scores
from ngn_core.matbench.submission import read_submission
from ngn_core.matbench.submit import Info, write_submission
from ngn_core.matbench.submitted_spec import submitted_tasks

INFO = Info("A. B., C. D.", "ours", "What it does.", ("@misc{x}",), "A note.")
WHEN = "2024.01.31 12:00.00"


@pytest.fixture
def submit(tmp_path):
    """Return a function that submits results and returns the folder."""

    def write(results, seed=None, mean=False, name="ours"):
        spec, tasks = submitted_tasks(results, None, seed, mean=mean)
        return write_submission(tmp_path, name, spec, tasks, INFO, WHEN)

    return write


def seeds(on_jdft2d, *errors):
    return [
        replace(result, seed=seed, digest=f"{result.digest} {seed}")
        for seed, error in enumerate(errors)
        for result in on_jdft2d(error=error)
    ]


def recorded(folder):
    content = json.loads(gzip.decompress((folder / "results.json.gz").read_bytes()))
    return content["tasks"]["matbench_jdft2d"]["results"]


def test_the_folder_has_what_a_pull_request_wants(submit, on_jdft2d):
    environment = {"packages": {"torch": "2.8.0", "ngn": "0.1", "none": None}}
    results = [
        replace(
            result, environment=environment, written="name: ours\ndepth: [1, {a: 2}]\n"
        )
        for result in on_jdft2d(error=2.0)
    ]
    folder = submit(results)
    assert folder.name == "matbench_v0.1_ours"
    info = json.loads((folder / "info.json").read_text())
    assert info == {
        "authors": "A. B., C. D.",
        "algorithm": "ours",
        "algorithm_long": "What it does.",
        "bibtex_refs": ["@misc{x}"],
        "notes": "A note.",
        "requirements": {"python": ["matbench==0.6", "ngn==0.1", "torch==2.8.0"]},
    }
    assert (folder / "specs" / "ours.yaml").read_text() == results[0].written
    ast.parse((folder / "run.py").read_text())
    fold = recorded(folder)["fold_3"]
    assert fold["parameters"] == {"name": "ours", "depth": [1, {"a": 2}], "seeds": [0]}
    assert fold["scores"]["mae"] == pytest.approx(2.0)
    assert len(fold["data"]) == 127
    assert read_submission(folder / "results.json.gz").name == "ours"


def test_matbench_reads_it_back_with_the_same_scores(submit, on_jdft2d, tmp_path):
    pytest.importorskip("matbench", reason="pip install --no-deps matbench==0.6")
    from matbench.bench import MatbenchBenchmark

    folder = submit(on_jdft2d(error=2.0))
    plain = tmp_path / "results.json"
    plain.write_bytes(gzip.decompress((folder / "results.json.gz").read_bytes()))
    read = MatbenchBenchmark.from_file(str(plain))
    assert read.is_valid
    assert read.scores["matbench_jdft2d"]["mae"]["mean"] == pytest.approx(2.0)
    again = read.matbench_jdft2d.results
    for number, fold in recorded(folder).items():
        assert dict(again[number]["scores"]) == fold["scores"]


@pytest.mark.parametrize("binary", [False, True])
def test_scores_are_those_that_matbench_records(binary):
    pytest.importorskip("matbench", reason="pip install --no-deps matbench==0.6")
    from matbench.data_ops import score_array

    drawn = np.random.default_rng(0)
    targets = drawn.normal(size=50)
    targets[:3] = 0.0  # no part of the percentage error
    predictions = targets + drawn.normal(size=50)
    kind, true = "regression", targets
    if binary:
        targets = (targets > 0).astype(float)
        predictions = drawn.uniform(size=50)
        kind, true = "classification", targets.astype(bool)
    expected = score_array(true.tolist(), predictions.tolist(), kind)
    found = matbench_scores(targets, predictions, binary=binary)
    assert found == pytest.approx(expected, rel=1e-12)
    if binary:
        assert found["rocauc"] == pytest.approx(found["balanced_accuracy"])


def test_of_several_seeds_one_is_submitted_or_their_mean_and_it_is_said(
    submit, on_jdft2d
):
    results = seeds(on_jdft2d, 1.0, 2.0, 6.0)
    for name, how, error, said in (
        ("first", {}, 1.0, "seed 0 of 0, 1, 2, a single model."),
        ("third", {"seed": 2}, 6.0, "seed 2 of 0, 1, 2, a single model."),
        ("mean", {"mean": True}, 3.0, "mean over the seeds 0, 1, 2, an ensemble."),
    ):
        folder = submit(results, name=name, **how)
        maes = [fold["scores"]["mae"] for fold in recorded(folder).values()]
        assert fmean(maes) == pytest.approx(error)
        assert json.loads((folder / "info.json").read_text())["notes"].endswith(said)


def test_what_is_not_whole_is_refused_with_task_and_fold(submit, on_jdft2d, over_folds):
    part = on_jdft2d(keep=lambda name: name != "mb-jdft2d-001")
    swapped = [replace(result, fold=(result.fold + 1) % 5) for result in on_jdft2d()]
    nan = on_jdft2d()
    (name, target, _), *rest = nan[2].predictions
    nan[2] = replace(nan[2], predictions=((name, target, float("nan")), *rest))
    for results, said in (
        (
            on_jdft2d(folds=[0, 1, 4]),
            "matbench_jdft2d: no result of fold 2, 3 with seed",
        ),
        (part, "635 of 636 crystals of matbench_jdft2d"),
        (swapped, "the folds are not the official ones"),
        (over_folds("ours", [1.0] * 5), "salts, gap: no task of MatBench"),
        ([*on_jdft2d("A"), *on_jdft2d("B")], "several specs; expected --spec .* A, B"),
        (nan, f"fold 2: 1 of 127 predictions .* not finite: {name}"),
    ):
        with pytest.raises(TrialError, match=said):
            submit(results)


def test_a_seed_that_is_not_there_is_refused(submit, on_jdft2d):
    with pytest.raises(TrialError, match="no seed 7; there are 0, 1"):
        submit(seeds(on_jdft2d, 1.0, 2.0), seed=7)


def test_nothing_is_overwritten(submit, on_jdft2d):
    submit(on_jdft2d())
    with pytest.raises(TrialError, match="is there already"):
        submit(on_jdft2d())
