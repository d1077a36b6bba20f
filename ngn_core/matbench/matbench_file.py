"""The file of results as the package matbench 0.6 writes and reads it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result
from ngn_core.matbench.matbench_scores import matbench_scores
from ngn_core.matbench.membership import task_ids
from ngn_core.matbench.submission import BENCHMARK
from ngn_core.matbench.submitted_spec import SubmittedTask
from ngn_core.spec.plain_yaml import read_yaml

VERSION = "0.6"
"""Of matbench, whose format this is."""


def results_file(
    tasks: Sequence[SubmittedTask], metadata: Mapping[str, Any], datestamp: str
) -> bytes:
    """Return the compressed file.

    Args:
        tasks: that are submitted.
        metadata: free, under `user_metadata`.
        datestamp: `2024.01.31 12:00.00`.

    Raises:
        TrialError: where a prediction is not finite.
    """
    plain = {
        "@module": "matbench.bench",
        "@class": "MatbenchBenchmark",
        "version": VERSION,
        "benchmark_name": BENCHMARK,
        "datestamp": datestamp,
        "user_metadata": dict(metadata),
        "tasks": {task.name: _task(task) for task in tasks},
    }
    text = json.dumps(plain, sort_keys=True, allow_nan=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    whole = json.dumps({**plain, "hash": digest}, sort_keys=True)
    return gzip.compress(whole.encode(), mtime=0)


def _task(task: SubmittedTask) -> dict[str, Any]:
    return {
        "@module": "matbench.task",
        "@class": "MatbenchTask",
        "benchmark_name": BENCHMARK,
        "dataset_name": task.name,
        "results": {
            f"fold_{result.fold}": _fold(task, result) for result in task.folds
        },
    }


def _fold(task: SubmittedTask, result: Result) -> dict[str, Any]:
    _, targets, predictions = zip(*result.predictions, strict=True)
    data = dict(zip(task_ids(result), predictions, strict=True))
    bad = [name for name, value in data.items() if value - value != 0]
    if bad:
        raise TrialError(
            f"{task.name}, fold {result.fold}: {len(bad)} of {len(data)} predictions "
            f"of trial {result.digest[:16]} are not finite: {', '.join(bad[:5])}"
        )
    return {
        "data": data,
        "parameters": {**parameters(result.written), "seeds": list(task.seeds)},
        "scores": matbench_scores(targets, predictions, binary=result.task == "binary"),
    }


def parameters(written: str) -> dict[str, Any]:
    """Return a resolved spec as MatBench keeps parameters."""
    plain, _ = read_yaml(written)
    return dict(plain or {})
