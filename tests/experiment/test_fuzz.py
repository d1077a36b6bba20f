"""Whatever a stored file says: what was written, or the project's own error."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ngn_core.costs.cost_files import read_cost
from ngn_core.errors import NGNError
from ngn_core.experiment import facts
from ngn_core.experiment.facts import CRYSTALS, FACTS, DatasetFacts, write_facts
from ngn_core.experiment.holdout_source import read_source
from ngn_core.experiment.result import (
    CURVE,
    PREDICTIONS,
    RESULT,
    SPEC,
    read_result,
    write_result,
)
from ngn_core.experiment.training_crystals import SEEN, read_training_crystals
from ngn_core.matbench.submission import TASKS, read_submission
from ngn_core.prediction.safe_weights import read_safetensors, write_safetensors
from ngn_core.pretrained.weights_file import read_arrays
from ngn_core.training.weights import read_weights, write_weights

RELAXED = settings(
    deadline=None,
    max_examples=50,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
PIECES = st.binary(max_size=6) | st.sampled_from(
    [
        b"",
        b"\n",
        b'"',
        b",",
        b"null",
        b"[]",
        b"{}",
        b"NaN",
        b"-1",
        b"1e999",
        b"9" * 500,
        b"9" * 5000,
        b"[" * 5000,
        b"\\ud800",
        b"\xff" * 8,
    ]
)
WEIGHTS = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(1)}


@st.composite
def changed(draw, content):
    """Draw the content with a few pieces taken out or put in."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(start + draw(st.integers(0, 12)), len(content))
        content = content[:start] + draw(PIECES) + content[end:]
    return content


def answer(read):
    """Return what reading gave, None where it was the project's own error."""
    try:
        return read()
    except NGNError:
        return None


@pytest.fixture(scope="module")
def stored(trial_result, tmp_path_factory):
    """A stored result with facts."""
    folder = tmp_path_factory.mktemp("stored")
    result = trial_result(
        "CGCNN",
        0,
        0.25,
        predictions=(("a", 1.0, 1.5), ("b", 2.0, 2.0625)),
        curve=({"epoch": 1, "train_loss": 0.5},),
        cost={"parameters": 7},
        environment={"device": "cpu", "packages": {"torch": "2"}},
        scaling={"task": "regression", "mean": 0.5},
        written="name: CGCNN\n",
    )
    write_result(result, folder)
    write_facts(
        DatasetFacts("d", 1, "ours", tested={"a": facts.TestedCrystal("X", 1, 2)}),
        folder,
    )
    return folder, read_result(folder)


@RELAXED
@given(st.sampled_from([RESULT, PREDICTIONS, CURVE, SPEC, FACTS, CRYSTALS]), st.data())
def test_a_changed_result_is_never_another_result(stored, name, data):
    folder, result = stored
    file = folder / name
    content = file.read_bytes()
    try:
        file.write_bytes(data.draw(changed(content)))
        assert answer(lambda: read_result(folder)) in (None, result)
    finally:
        file.write_bytes(content)


@RELAXED
@given(st.data())
def test_results_without_check_sums_are_of_the_right_kinds(stored, data):
    folder, result = stored
    file = folder / RESULT
    content = file.read_bytes()
    plain = {**json.loads(content), "files": {}}
    del plain["sha256"]
    try:
        file.write_bytes(data.draw(changed(json.dumps(plain).encode())))
        found = answer(lambda: read_result(folder))
        for name in ("digest", "spec", "unit", "fold", "seed", "cost", "scores"):
            kind = type(getattr(result, name))
            assert found is None or isinstance(getattr(found, name), kind)
    finally:
        file.write_bytes(content)


SMALL_FILES = {
    "seen": (
        b"id,formula,volume_per_atom,shortest_bond\na,NaCl,1.0,2.0\n",
        lambda file: read_training_crystals(file.parent),
        SEEN,
    ),
    "costs": (b'{"format": 1, "turns": []}', read_cost, "cost.json"),
    "what was held out": (
        b'{"held_out": {"ids": ["a"]}, "flags": {"where": []}, "dataset": null}',
        lambda file: read_source("d", file.parent.parent),
        "holdout/d.json",
    ),
}


@pytest.mark.parametrize("kind", SMALL_FILES)
@RELAXED
@given(st.data())
def test_small_files_beside_results(tmp_path, kind, data):
    content, read, name = SMALL_FILES[kind]
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data.draw(changed(content)))
    answer(lambda: read(file))


def submission():
    folds = {
        f"fold_{fold}": {"data": {"mb-jdft2d-001": 1.5}, "scores": {"mae": 1.0}}
        for fold in range(5)
    }
    tasks = {"matbench_jdft2d": {"results": folds}}
    return json.dumps({"benchmark_name": "matbench_v0.1", "tasks": tasks}).encode()


@RELAXED
@given(st.booleans(), st.booleans(), st.data())
def test_submissions(tmp_path, packed, after, data):
    content = submission()
    if packed and after:
        content = data.draw(changed(gzip.compress(content, mtime=0)))
    else:
        content = data.draw(changed(content))
        content = gzip.compress(content, mtime=0) if packed else content
    file = tmp_path / "their.results.json.gz"
    file.write_bytes(content)
    found = answer(lambda: read_submission(file))
    if found is not None:
        for task in set(found.tasks) & TASKS.keys():
            answer(lambda task=task: found.folds(task))


FORMATS = {
    "npz": (lambda file: np.savez(file, a=WEIGHTS["a"], b=WEIGHTS["b"]), read_arrays),
    "safetensors": (lambda file: write_safetensors(WEIGHTS, file), read_safetensors),
    "pt": (lambda file: write_weights(WEIGHTS, file), read_weights),
}


@pytest.mark.parametrize("ending", FORMATS)
@RELAXED
@given(st.data())
def test_changed_weights_are_refused_or_tensors(tmp_path, ending, data):
    write, read = FORMATS[ending]
    file = tmp_path / f"w.{ending}"
    write(file)
    file.write_bytes(data.draw(changed(file.read_bytes())))
    found = answer(lambda: read(file))
    assert found is None or all(isinstance(one, torch.Tensor) for one in found.values())


class Trap:
    """Runs code where a pickle of it is loaded."""

    def __reduce__(self):
        return os.mkdir, ("trap",)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("wrapped", ["plain", "torch", "numpy", "zip"])
def test_no_code_of_a_file_is_run(tmp_path, monkeypatch, ending, wrapped):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / f"w.{ending}"
    with file.open("wb") as stream:
        if wrapped == "plain":
            pickle.dump({"a": Trap()}, stream)
        elif wrapped == "torch":
            torch.save({"a": Trap()}, stream)
        elif wrapped == "numpy":
            np.savez(stream, a=np.array([Trap()], dtype=object))
        else:
            with zipfile.ZipFile(stream, "w") as opened:
                opened.writestr("w/data.pkl", pickle.dumps(Trap()))
    with pytest.raises(NGNError, match=file.name):
        FORMATS[ending][1](file)
    assert not (tmp_path / "trap").exists()


def bomb(file, size, compression):
    """Write a zip file of few bytes that holds many."""
    with zipfile.ZipFile(file, "w", compression) as opened:
        header = b"\x93NUMPY\x01\x00v\x00"
        head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({size},), }}"
        opened.writestr("a.npy", header + head.ljust(117).encode() + b"\n")


def test_arrays_that_unpack_to_too_much_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("ngn_core.pretrained.weights_file.LARGEST", 1000)
    np.savez_compressed(tmp_path / "w.npz", a=np.zeros(1000))
    with pytest.raises(NGNError, match="bytes, more than 1,000"):
        read_arrays(tmp_path / "w.npz")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("ending", ["npz", "pt"])
def test_a_file_that_says_more_than_it_holds_takes_no_memory(
    tmp_path, ending, compression
):
    file = tmp_path / f"w.{ending}"
    bomb(file, 10**15, compression)
    with pytest.raises(NGNError, match=file.name):
        FORMATS[ending][1](file)


def test_a_submission_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("ngn_core.matbench.submission.LARGEST", 1000)
    file = tmp_path / "big.results.json.gz"
    file.write_bytes(gzip.compress(b" " * 1001))
    with pytest.raises(NGNError, match="more than 1,000 bytes"):
        read_submission(file)
