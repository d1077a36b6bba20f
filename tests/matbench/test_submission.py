"""Submissions to MatBench: what is read of their files, and what is refused."""

from __future__ import annotations

import gzip
import json

import pytest

from ngn_core.dataset.matbench import TASKS
from ngn_core.errors import TrialError
from ngn_core.matbench.submission import read_submission

JDFT2D = "matbench_jdft2d"


def test_a_submission_is_read_fold_by_fold(submitted, submission_file):
    found = read_submission(submission_file(submitted(3.0)))
    assert (found.name, found.tasks) == ("theirs", (JDFT2D,))
    folds = found.folds(JDFT2D)
    assert [len(fold.predictions) for fold in folds] == [128, 127, 127, 127, 127]
    assert all(fold.scores["mae"] == 3.0 and not fold.labels for fold in folds)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("coNGN.results.json.gz", "coNGN"),
        ("matbench_v0.1_coGN/results.json.gz", "coGN"),
        ("plain.json", "plain"),
    ],
)
def test_the_file_or_its_folder_names_it(submitted, tmp_path, path, name):
    file = tmp_path / path
    file.parent.mkdir(exist_ok=True)
    text = json.dumps(submitted()).encode()
    file.write_bytes(gzip.compress(text) if path.endswith("gz") else text)
    assert read_submission(file).name == name
    assert read_submission(file, "another").name == "another"


def cut(packed):
    return packed[: len(packed) // 2]


def flipped(packed):
    return packed[:40] + bytes([packed[40] ^ 255]) + packed[41:]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "is cut off or damaged"),
        (flipped, "is cut off or damaged"),
        (lambda packed: b"hello", "is not JSON"),
        (lambda packed: b"[" * 200_000, "is nested too deep to be read"),
        (lambda packed: b"[1, 2]", "has no tasks of matbench_v0.1"),
        (lambda packed: b'{"tasks": {}}', "has no tasks of matbench_v0.1"),
    ],
)
def test_a_file_that_is_none_is_refused_by_name(
    submitted, submission_file, damage, said
):
    file = submission_file(submitted())
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(TrialError, match=said) as error:
        read_submission(file)
    assert str(error.value).startswith(str(file))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(TrialError, match=r"nowhere\.json\.gz: cannot be read: No such"):
        read_submission(tmp_path / "nowhere.json.gz")


def test_compositions_alone_are_refused(submitted, submission_file):
    content = submitted()
    content["tasks"] = {"matbench_steels": content["tasks"][JDFT2D]}
    with pytest.raises(TrialError, match="no task with crystals; .* matbench_steels"):
        read_submission(submission_file(content))


def without_fold(folds):
    del folds["fold_3"]


def empty_fold(folds):
    folds["fold_3"]["data"] = {}


def moved(folds):
    folds["fold_3"]["data"]["mb-jdft2d-001"] = folds["fold_4"]["data"].pop(
        "mb-jdft2d-001"
    )


def strange(folds):
    folds["fold_3"]["data"]["mb-jdft2d-637"] = 1.0


def nan(folds):
    name = next(iter(folds["fold_3"]["data"]))
    folds["fold_3"]["data"][name] = float("nan")


def text(folds):
    name = next(iter(folds["fold_3"]["data"]))
    folds["fold_3"]["data"][name] = "12"


def huge(folds):
    name = next(iter(folds["fold_3"]["data"]))
    folds["fold_3"]["data"][name] = 10**400


def another_fold(folds):
    folds["fold_7"] = folds["fold_3"]


def score_nan(folds):
    folds["fold_3"]["scores"]["mae"] = float("nan")


def lacking(folds):
    del folds["fold_4"]["data"]["mb-jdft2d-001"]


def no_scores(folds):
    del folds["fold_3"]["scores"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without_fold, "fold 3: is missing; .* has fold_0, fold_1, fold_2, fold_4"),
        (empty_fold, "fold 3: has no predictions"),
        (moved, "fold 3: 1 of 128 ids are not in the official .*: mb-jdft2d-001"),
        (strange, "fold 3: 1 of 128 ids are none of matbench_jdft2d: mb-jdft2d-637"),
        (nan, r"fold 3: 1 of 127 predictions are no numbers: mb-jdft2d-\d+ \(nan\)"),
        (text, r"fold 3: 1 of 127 predictions are no numbers: mb-jdft2d-\d+ \('12'\)"),
        (huge, r"fold 3: 1 of 127 predictions are no numbers: mb-jdft2d-\d+ \(10+"),
        (another_fold, "fold_7: no folds of the task; expected fold_0 to fold_4 alone"),
        (score_nan, "fold 3: its mae is recorded as nan; expected a number"),
        (lacking, "fold 4: 1 of 636 crystals have no prediction: mb-jdft2d-001"),
        (no_scores, "fold 3: no mapping 'scores'"),
    ],
)
def test_a_damaged_task_is_refused_with_fold_and_ids(
    submitted, submission_file, damage, said
):
    content = submitted()
    damage(content["tasks"][JDFT2D]["results"])
    file = submission_file(content)
    with pytest.raises(TrialError, match=said) as error:
        read_submission(file).folds(JDFT2D)
    assert str(error.value).startswith(f"{file}: {JDFT2D}")


@pytest.mark.parametrize(
    ("value", "fits"), [(True, True), (0.3, True), (1.2, False), (None, False)]
)
def test_a_class_is_predicted_by_a_label_or_a_probability(submission_file, value, fits):
    task = TASKS["matbench_mp_is_metal"]
    fold = {"data": {task.id(1): value}, "scores": {}}
    folds = {f"fold_{number}": fold for number in range(5)}
    content = {
        "benchmark_name": "matbench_v0.1",
        "tasks": {task.name: {"results": folds}},
    }
    said = "ids are in fold 0 as well" if fits else "are no probabilities from 0 to 1"
    with pytest.raises(TrialError, match=said):
        read_submission(submission_file(content)).folds(task.name)


@pytest.mark.parametrize(
    ("name", "task"),
    [("cgcnnv2019", "matbench_mp_is_metal"), ("coNGN", "matbench_phonons")],
)
def test_published_submissions_are_read(shared, name, task):
    folder = shared / "reference" / "matbench_submissions"
    found = read_submission(folder / f"{name}.results.json.gz")
    assert (found.name, len(found.tasks)) == (name, 9)
    sizes = [len(fold.predictions) for fold in found.folds(task)]
    assert sum(sizes) == TASKS[task].rows
