"""What is known of MatBench's tasks, against the files of its own package."""

from __future__ import annotations

import csv
import gzip
import json
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ngn_core.dataset.matbench import TASKS, stratified_folds, task_of

_UNITS = {"unitless": "", "cm^-1": "1/cm", "eV/unit cell": "eV/cell", None: ""}


@pytest.fixture(scope="module")
def described(package):
    file = package / "matbench_v0.1_dataset_metadata.json"
    return json.loads(file.read_text())


@pytest.fixture(scope="module")
def package():
    found = find_spec("matbench")
    if found is None or found.origin is None:
        pytest.skip("pip install --no-deps matbench==0.6")
    return Path(found.origin).parent


@pytest.fixture(scope="module")
def splits(package):
    file = package / "matbench_v0.1_validation.json"
    return json.loads(file.read_text())["splits"]


def test_the_nine_tasks_with_crystals_are_described_as_the_package_does(described):
    crystals = {k for k, v in described.items() if v["input_type"] == "structure"}
    assert crystals == set(TASKS)
    for name, task in TASKS.items():
        said = described[name]
        assert task.rows == said["n_samples"]
        assert task.target == re.sub(r"\W+", "_", said["target"]).strip("_")
        assert task.unit == _UNITS.get(said["unit"], said["unit"])
        binary = said["task_type"] == "classification"
        assert task.task == ("binary" if binary else "regression")


@pytest.mark.parametrize("name", TASKS)
def test_every_id_lies_in_the_fold_of_the_packages_validation_file(splits, name):
    task = TASKS[name]
    tested = {
        one: number
        for number in range(5)
        for one in splits[name][f"fold_{number}"]["test"]
    }
    assert task.number.keys() == tested.keys()
    if task.task == "binary":
        assert task.official_fold(task.id(1)) is None
    else:
        assert {one: task.official_fold(one) for one in tested} == tested


@pytest.mark.parametrize("name", ["expt_is_metal", "glass"])
def test_folds_of_classes_are_made_as_the_package_made_them(shared, splits, name):
    file = shared / "data" / "matbench_targets" / f"matbench_{name}.csv.gz"
    with gzip.open(file, "rt") as lines:
        classes = np.array([int(row["target"]) for row in csv.DictReader(lines)])
    fold = stratified_folds(classes)
    for number in range(5):
        found = splits[f"matbench_{name}"][f"fold_{number}"]["test"]
        rows = sorted(int(one.rsplit("-", 1)[1]) - 1 for one in found)
        assert np.flatnonzero(fold == number).tolist() == rows


def test_a_task_is_known_by_most_of_some_ids():
    right = ["mb-mp-gap-000001", "mb-mp-gap-7", "mp-149"]
    assert task_of(right) is TASKS["matbench_mp_gap"]
    assert task_of([*right, "mp-150"]) is None
    assert task_of(["mb-steels-001"]) is None
    assert task_of([]) is None
