"""Results as trials would give them, from scores alone."""

import gzip
import json

import pytest
import torch

from ngn_core.compare.result import Result, Score
from ngn_core.compare.run import run_trials
from ngn_core.compare.store import Store
from ngn_core.compare.trial import make_trial
from ngn_core.data.matbench import TASKS


def made(spec, fold, value, *, seed=0, better="lower", **changes):
    title, unit = ("MAE", "eV") if better == "lower" else ("ROC-AUC", "")
    values = {
        "digest": f"{spec} {fold} {seed}",
        "model": spec,
        "spec": spec,
        "dataset": "salts",
        "dataset_digest": "d",
        "target": "gap",
        "unit": "eV",
        "task": "regression" if better == "lower" else "binary",
        "fold": fold,
        "n_folds": 5,
        "seed": seed,
        "epochs": 1,
        "train_size": 0,
        "scores": (Score(title.lower(), title, value, unit, better),),
        "cost": {},
        "graph": {},
        "state": None,
        "scaling": {},
        "environment": {},
        "predictions": (),
        "curve": (),
    }
    return Result(**{**values, **changes})


@pytest.fixture(scope="session")
def trial_result():
    """Return a result: `trial_result(spec, fold, value, seed=0, better="lower")`."""
    return made


@pytest.fixture(scope="session")
def over_folds():
    """Return a result for each fold that has a value: `over_folds(spec, values)`."""

    def results(spec, values, **changes):
        return [
            made(spec, fold, value, **changes)
            for fold, value in enumerate(values)
            if value is not None
        ]

    return results


TASK = TASKS["matbench_jdft2d"]
TARGETS = {name: 10.0 + number % 97 for name, number in TASK.number.items()}


def official(fold):
    """Return the ids of the official test part of a fold of jdft2d."""
    return [name for name in TASK.number if TASK.official_fold(name) == fold]


@pytest.fixture
def on_jdft2d():
    """Return trials on jdft2d's ids and folds, with made-up targets: `(spec, error)`.

    `keep` says which crystals are there.
    """

    def results(spec="ours", error=2.0, folds=range(5), keep=lambda name: True, **more):
        here = [name for name in TASK.number if keep(name)]
        made_results = []
        for fold in folds:
            tested = [name for name in official(fold) if keep(name)]
            rows = tuple(
                (name, TARGETS[name], TARGETS[name] + error) for name in tested
            )
            changes = {
                "dataset": TASK.name,
                "target": TASK.target,
                "unit": TASK.unit,
                "train_size": len(here) - len(tested),
                "scores": (
                    Score("mae", "MAE", error, TASK.unit, "lower"),
                    Score("rmse", "RMSE", error, TASK.unit, "lower"),
                ),
                "predictions": rows,
                "written": f"name: {spec}\n",
                **more,
            }
            made_results.append(made(spec, fold, error, **changes))
        return made_results

    return results


@pytest.fixture
def submitted():
    """Return the content of a submission to jdft2d that errs by so much everywhere."""

    def content(error=3.0):
        folds = {
            f"fold_{fold}": {
                "data": {name: TARGETS[name] + error for name in official(fold)},
                "parameters": {},
                "scores": {
                    "mae": error,
                    "rmse": error,
                    "mape": 1.0,
                    "max_error": error,
                },
            }
            for fold in range(5)
        }
        tasks = {TASK.name: {"dataset_name": TASK.name, "results": folds}}
        return {"benchmark_name": "matbench_v0.1", "tasks": tasks}

    return content


@pytest.fixture
def submission_file(tmp_path):
    """Return a function that writes the content of a submission to a file."""

    def write(content, name="theirs.results.json.gz"):
        file = tmp_path / name
        file.write_bytes(gzip.compress(json.dumps(content).encode()))
        return file

    return write


@pytest.fixture(scope="session")
def committee(small_spec, prepared, registry, silent, tmp_path_factory):
    """A folder with trials of one model: two folds, two seeds, one epoch."""
    folder = tmp_path_factory.mktemp("committee") / "runs"
    spec = small_spec.with_epochs(1)
    trials = [
        make_trial(spec, prepared.crystals, fold, seed, registry)
        for fold in (0, 1)
        for seed in (0, 1)
    ]
    cpu = torch.device("cpu")
    _, failures = run_trials(trials, prepared, Store(folder), registry, cpu, silent)
    assert not failures, failures
    return folder
