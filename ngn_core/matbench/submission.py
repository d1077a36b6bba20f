"""A submission to MatBench: the predictions of every fold, as its file has them."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from reprlib import repr as short
from typing import Any

from ngn_core.dataset.matbench import TASKS, MatBenchTask
from ngn_core.errors import TrialError

BENCHMARK = "matbench_v0.1"
FOLDS = 5
LARGEST = 2**30
"""Bytes of a file, unpacked; those of MatBench have 30 million at most."""
_ENDINGS = (".json.gz", ".json", ".results")
_LISTED = 5


@dataclass(frozen=True)
class SubmittedFold:
    """What a submission says of one fold.

    Attributes:
        predictions: by MatBench's id; probabilities, or 0 and 1, where binary.
        labels: whether they are labels of classes, not probabilities.
        scores: that MatBench recorded, by MatBench's name of the metric.
    """

    predictions: Mapping[str, float]
    labels: bool
    scores: Mapping[str, float]


@dataclass(frozen=True)
class Submission:
    """A file of results.

    Attributes:
        name: as tables print it.
        file: where it is from.
        plain: tasks by name, as the file has them.
    """

    name: str
    file: Path
    plain: Mapping[str, Any] = field(repr=False)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Return the tasks with crystals that it has something of."""
        return tuple(name for name in TASKS if name in self.plain)

    def folds(self, task: str) -> list[SubmittedFold]:
        """Return the five folds of a task that the submission has.

        Raises:
            TrialError: where a fold is missing or not the task's, its ids are not the
                official ones, or a prediction or recorded score is no number.
        """
        found = [_fold(self, TASKS[task], number) for number in range(FOLDS)]
        _check_whole(self, TASKS[task], found)
        return found


def read_submission(file: Path, name: str | None = None) -> Submission:
    """Return what is in a file of results.

    Args:
        file: `results.json.gz` as in MatBench's repository, or the same unpacked.
        name: as tables print it; None: what the file or its folder is called.

    Raises:
        TrialError: where it is no such file.
    """
    try:
        with file.open("rb") as opened:
            packed = opened.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as stream:
            text = stream.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise _wrong(file, f"holds more than {LARGEST:,} bytes")
        plain = json.loads(text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _wrong(file, f"cannot be read: {reason}") from error
    except (EOFError, zlib.error) as error:
        raise _wrong(file, f"is cut off or damaged ({error})") from error
    except RecursionError as error:
        raise _wrong(file, "is nested too deep to be read") from error
    except ValueError as error:
        raise _wrong(file, f"is not JSON ({error})") from error
    tasks = plain.get("tasks") if isinstance(plain, dict) else None
    if not isinstance(tasks, dict) or plain.get("benchmark_name") != BENCHMARK:
        raise _wrong(file, f"has no tasks of {BENCHMARK}")
    if not any(task in tasks for task in TASKS):
        held = ", ".join(sorted(tasks)) or "none"
        raise _wrong(file, f"holds no task with crystals; its tasks: {held}")
    return Submission(name or _name(file), file, tasks)


def _wrong(file: Path, what: str) -> TrialError:
    return TrialError(
        f"{file}: {what}; expected the results.json.gz of a submission to MatBench"
    )


def _name(file: Path) -> str:
    """Return `coGN` for coGN.results.json.gz and matbench_v0.1_coGN/results.json.gz."""
    name = file.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    if name == "results":
        name = file.absolute().parent.name.removeprefix(f"{BENCHMARK}_")
    return name


def _fold(submission: Submission, task: MatBenchTask, number: int) -> SubmittedFold:
    where = f"{submission.file}: {task.name}, fold {number}"
    results = _mapping(submission.plain[task.name], "results", where)
    if f"fold_{number}" not in results:
        found = ", ".join(sorted(results)) or "none"
        raise TrialError(
            f"{where}: is missing; a submission has all {FOLDS} folds of a task, this "
            f"one has {found}"
        )
    strange = sorted(set(results) - {f"fold_{known}" for known in range(FOLDS)})
    if strange:
        raise TrialError(
            f"{submission.file}: {task.name}: {_listed(strange)}: no folds of the "
            f"task; expected fold_0 to fold_{FOLDS - 1} alone"
        )
    fold = _mapping(results, f"fold_{number}", where)
    data, scores = _mapping(fold, "data", where), _mapping(fold, "scores", where)
    if not data:
        raise TrialError(f"{where}: has no predictions")
    _check_numbers(data, task, where)
    _check_score(scores, task, where)
    _check_official(data, task, number, where)
    return SubmittedFold(
        {name: float(value) for name, value in data.items()},
        all(isinstance(value, bool) for value in data.values()),
        {name: float(value) for name, value in scores.items() if _is_number(value)},
    )


def _mapping(plain: Any, key: str, where: str) -> Mapping[str, Any]:
    found = plain.get(key) if isinstance(plain, dict) else None
    if not isinstance(found, dict):
        raise TrialError(f"{where}: no mapping {key!r} in it")
    return found


def _check_numbers(data: Mapping[str, Any], task: MatBenchTask, where: str) -> None:
    bad = [
        f"{name} ({short(value)})"
        for name, value in data.items()
        if not _fits(value, task)
    ]
    if bad:
        wanted = "probabilities from 0 to 1" if task.task == "binary" else "numbers"
        raise TrialError(
            f"{where}: {len(bad)} of {len(data)} predictions are no {wanted}: "
            f"{_listed(bad)}"
        )


def _check_score(scores: Mapping[str, Any], task: MatBenchTask, where: str) -> None:
    """Check that the score that decides is a number where it is recorded."""
    name = required(task)
    if name in scores and not _is_number(scores[name]):
        raise TrialError(
            f"{where}: its {name} is recorded as {short(scores[name])}; expected a "
            "number"
        )


def required(task: MatBenchTask) -> str:
    """Return the metric that decides, as a submission names it."""
    return "balanced_accuracy" if task.task == "binary" else "mae"


def _fits(value: Any, task: MatBenchTask) -> bool:
    if task.task == "binary":
        return isinstance(value, bool) or _is_number(value) and 0 <= value <= 1
    return _is_number(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float holds
        return False


def _check_official(
    data: Mapping[str, Any], task: MatBenchTask, number: int, where: str
) -> None:
    """Check that all ids are the task's, and the fold's where it is known without data.

    Raises:
        TrialError: naming those that are not.
    """
    strange = [name for name in data if name not in task.number]
    if strange:
        raise TrialError(
            f"{where}: {len(strange)} of {len(data)} ids are none of {task.name}: "
            f"{_listed(strange)}; expected {task.id(1)} to {task.id(task.rows)}"
        )
    if task.task == "binary":
        return
    moved = [name for name in data if task.official_fold(name) != number]
    if moved:
        raise TrialError(
            f"{where}: {len(moved)} of {len(data)} ids are not in the official test "
            f"part of this fold: {_listed(moved)}"
        )


def _check_whole(
    submission: Submission, task: MatBenchTask, folds: Sequence[SubmittedFold]
) -> None:
    where = f"{submission.file}: {task.name}"
    first: dict[str, int] = {}
    for number, fold in enumerate(folds):
        twice = [name for name in fold.predictions if name in first]
        if twice:
            raise TrialError(
                f"{where}, fold {number}: {len(twice)} ids are in fold "
                f"{first[twice[0]]} as well: {_listed(twice)}"
            )
        first |= dict.fromkeys(fold.predictions, number)
    lacking = [name for name in task.number if name not in first]
    if lacking:
        fold_of = task.official_fold(lacking[0])
        place = "" if fold_of is None else f", fold {fold_of}"
        raise TrialError(
            f"{where}{place}: {len(lacking)} of {task.rows} crystals have no "
            f"prediction: {_listed(lacking)}"
        )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
