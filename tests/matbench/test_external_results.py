"""Submissions and the leaderboard beside trials, and where they may not stand."""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from ngn_core.dataset.crystal_set import TargetColumn
from ngn_core.errors import TrialError
from ngn_core.matbench import tested_part
from ngn_core.matbench.against import results_against
from ngn_core.matbench.external_results import ExternalResults
from ngn_core.matbench.external_task import ExternalTask
from ngn_core.matbench.leaderboard import read_leaderboard
from ngn_core.matbench.submission import (
    Submission,
    SubmittedFold,
    read_submission,
)
from ngn_core.report.formats.cell_text import cell_text
from ngn_core.summary.papers import papers_table
from ngn_core.summary.scores import scores_table
from ngn_core.summary.tables import ReportOptions, tables_of


@pytest.fixture
def table(registry):
    """Return a function from results, submissions, leaderboard to the only table."""

    def made(results, *submissions, shown=False):
        asked = ReportOptions(ExternalResults(submissions, shown))
        (found,) = tables_of(results, registry, asked)
        return found

    return made


@pytest.fixture
def theirs(submitted, submission_file):
    return read_submission(submission_file(submitted(3.0)))


def test_a_submission_is_a_row_of_the_same_statistics(table, on_jdft2d, theirs):
    found = table(on_jdft2d(error=2.0), theirs)
    ours, other = found.lines
    assert (ours.spec, ours.origin) == ("ours", "measured")
    assert (other.spec, other.origin) == ("theirs (submission)", "submission")
    assert other.scores["mae"].mean == pytest.approx(3.0)
    assert [len(result.predictions) for result in other.results] == [
        len(result.predictions) for result in ours.results
    ]
    (pair,) = found.verdicts.pairs
    assert (pair.spec, pair.other) == ("theirs (submission)", "ours")
    assert pair.win_rate == 0.0
    assert any("not trained here" in note for note in found.notes)


def test_it_is_scored_on_the_folds_and_crystals_that_both_have(
    table, on_jdft2d, submitted, submission_file
):
    content = submitted(1.0)
    folds = content["tasks"]["matbench_jdft2d"]["results"]
    for data in (fold["data"] for fold in folds.values()):
        for name in data:
            data[name] += 99.0 * name.endswith("7")  # not here, and far off
    theirs = read_submission(submission_file(content))
    part = on_jdft2d(folds=[1, 3], keep=lambda name: not name.endswith("7"))
    found = table(part, theirs)
    (other,) = [line for line in found.lines if line.origin == "submission"]
    assert [result.fold for result in other.results] == [1, 3]
    assert other.scores["mae"].mean == pytest.approx(1.0)
    assert found.crystals == 573
    tested = sum(len(result.predictions) for result in other.results)
    assert any(f"on the {tested} crystals tested here" in note for note in found.notes)
    assert any("of the whole task of 636" in note for note in found.notes)


def test_trials_on_other_folds_cannot_stand_beside_it(table, on_jdft2d, theirs):
    zero, one, *_ = on_jdft2d()
    swapped = [replace(zero, fold=1), replace(one, fold=0)]
    with pytest.raises(TrialError, match=r"fold 0: 127 of 127 crystals .* in fold 1\)"):
        table(swapped, theirs)


def test_other_targets_than_those_that_were_scored_are_told(
    table, on_jdft2d, submitted, submission_file
):
    content = submitted(3.0)
    folds = content["tasks"]["matbench_jdft2d"]["results"]
    folds["fold_2"]["scores"]["mae"] = 3.5
    theirs = read_submission(submission_file(content))
    with pytest.raises(
        TrialError, match=r"fold 2: its mae is recorded as 3\.5, and is 3 "
    ):
        table(on_jdft2d(), theirs)


def test_a_submission_of_another_task_is_refused(table, over_folds, theirs):
    with pytest.raises(TrialError, match="to matbench_jdft2d; the trials are on salts"):
        table(over_folds("ours", [1.0, 2.0]), theirs)


def test_the_board_stands_apart_and_is_no_part_of_the_verdicts(table, on_jdft2d):
    found = table(on_jdft2d(), shown=True)
    origins = [line.origin for line in found.lines]
    assert origins == ["measured"] + ["leaderboard"] * 16
    (congn,) = [line for line in found.lines if line.spec == "coNGN (published)"]
    assert congn.scores["mae"].mean == pytest.approx(36.170, abs=5e-4)  # cogn.md
    assert congn.scores["mae"].std == pytest.approx(11.597, abs=5e-4)
    assert not found.verdicts.pairs
    assert any("936176d" in note for note in found.notes)
    (rows,) = papers_table(found.lines, found.benchmark).groups
    assert ("coGN", "Ruff et al. 2024", "10.1039/D4DD00018H") in rows
    assert len(rows) == 16
    scores = scores_table(found.lines, found.columns, True)
    told = {row[0]: scores.by_name(row)["epochs"] for row in scores.rows}
    epochs = {spec: cell_text(cell, scores.columns[-2]) for spec, cell in told.items()}
    assert epochs["coGN (published)"] == "-"
    assert epochs["ours"] != "-"


def test_the_board_shows_the_folds_that_were_measured(table, on_jdft2d):
    found = table(on_jdft2d(folds=[1]), shown=True)
    (congn,) = [line for line in found.lines if line.spec == "coGN (published)"]
    assert [result.fold for result in congn.results] == [1]
    assert congn.scores["mae"].count == 1
    assert any("scores of fold 1 from" in note for note in found.notes)


def test_a_part_of_a_task_has_no_published_scores(table, on_jdft2d):
    found = table(on_jdft2d(keep=lambda name: name != "mb-jdft2d-001"), shown=True)
    assert [line.origin for line in found.lines] == ["measured"]
    assert any("635 of 636 crystals of matbench_jdft2d" in note for note in found.notes)


def test_what_is_no_task_has_no_published_scores(table, over_folds):
    found = table(over_folds("ours", [1.0, 2.0]), shown=True)
    assert [line.spec for line in found.lines] == ["ours"]
    assert any("salts is no task of MatBench" in note for note in found.notes)


def test_labels_of_classes_have_no_area_under_a_curve(registry):
    class Labels(Submission):
        def folds(self, task):
            said = {"a": 1.0, "b": 0.0, "c": 1.0, "d": 0.0}
            return [SubmittedFold(said, True, {})]

    names = ("a", "b", "c", "d")
    part = tested_part.TestedPart(0, names, names, (1.0, 0.0, 0.0, 0.0), None)
    table = ExternalTask("metals", "is_metal", "", "binary", 1, ())
    target = TargetColumn("is_metal", "", "binary", np.zeros(0))
    theirs = Labels("theirs", None, {})
    (result,) = results_against(
        theirs, "matbench_mp_is_metal", [part], table, target, registry
    )
    scores = {score.name: score.value for score in result.scores}
    assert scores["balanced_accuracy"] == pytest.approx((1 + 2 / 3) / 2)
    assert math.isnan(scores["roc_auc"])


def test_submissions_alone_are_tables_of_recorded_scores(registry, theirs):
    (found,) = tables_of([], registry, ReportOptions(ExternalResults((theirs,))))
    assert (found.dataset, found.crystals) == ("matbench_jdft2d", 636)
    assert found.benchmark == "matbench_jdft2d"
    assert found.lines[0].scores["mae"].mean == 3.0
    assert found.lines[0].results[0].predictions == ()


def test_the_board_is_what_was_published(shared):
    file = shared / "reference" / "matbench_published.json"
    published = json.loads(file.read_text())["tasks"]
    assert read_leaderboard().tasks.keys() == published.keys()
    for task, submissions in published.items():
        found = {one.name: one for one in read_leaderboard().tasks[task]}
        assert found.keys() == submissions.keys()
        for name, scores in submissions.items():
            metrics = ("mae", "rmse")
            if task == "matbench_mp_is_metal":
                metrics = ("balanced_accuracy", "f1")
                for one, other in zip(
                    scores["rocauc"], scores[metrics[0]], strict=True
                ):
                    assert one == pytest.approx(other, abs=2e-4)
            assert found[name].scores == {m: tuple(scores[m]) for m in metrics}


def test_published_predictions_score_as_recorded_on_the_real_targets(shared, registry):
    file = shared / "data" / "matbench_jdft2d" / "data.jsonl.gz"
    with gzip.open(file, "rt") as lines:
        crystals = [json.loads(line) for line in lines]
    parts = []
    for fold in range(5):
        own = [row for row in crystals if row["fold"] == fold]
        names = tuple(row["id"] for row in own)
        values = tuple(row["exfoliation_en"] for row in own)
        parts.append(tested_part.TestedPart(fold, names, names, values, None))
    folder = shared / "reference" / "matbench_submissions"
    theirs = read_submission(folder / "coNGN.results.json.gz")
    target = TargetColumn("exfoliation_en", "meV/atom", "regression", np.zeros(0))
    table = ExternalTask("jdft2d", "exfoliation_en", "meV/atom", "regression", 5, ())
    results = results_against(theirs, "matbench_jdft2d", parts, table, target, registry)
    for result, fold in zip(results, theirs.folds("matbench_jdft2d"), strict=True):
        scores = {score.name: score.value for score in result.scores}
        for name in ("mae", "rmse"):
            assert scores[name] == pytest.approx(fold.scores[name], rel=1e-6)
