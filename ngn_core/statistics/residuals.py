"""Out-of-fold errors of a model, which say how far its predictions are off."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np

from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result

Residuals = Mapping[int, np.ndarray]
"""Sorted |target - prediction| of each fold's test part, in the target's unit."""

_COLUMNS = ["fold", "residual"]


def residuals_of(results: Sequence[Result]) -> Residuals:
    """Return the errors of a fold's mean over seeds; none for binary targets."""
    by_fold: dict[int, dict[str, list[float]]] = {}
    targets: dict[tuple[int, str], float] = {}
    for result in results:
        if result.task != "regression":
            continue
        for name, target, prediction in result.predictions:
            by_id = by_fold.setdefault(result.fold, {})
            by_id.setdefault(name, []).append(prediction)
            targets[result.fold, name] = target
    return {
        fold: np.sort(
            [abs(targets[fold, name] - fmean(said)) for name, said in by_id.items()]
        )
        for fold, by_id in sorted(by_fold.items())
    }


def write_residuals(residuals: Residuals, file: Path) -> None:
    """Write a row for each error."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for fold, values in residuals.items():
            writer.writerows((fold, value) for value in values.tolist())


def read_residuals(file: Path) -> Residuals:
    """Return written errors.

    Raises:
        TrialError: where the file is missing or damaged.
    """
    found: dict[int, list[float]] = {}
    try:
        with file.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                found.setdefault(int(row["fold"]), []).append(float(row["residual"]))
    except (OSError, ValueError, TypeError, KeyError, csv.Error) as error:
        raise TrialError(
            f"{file}: no residuals ({type(error).__name__}: {error}); expected the "
            f"columns {', '.join(_COLUMNS)}, as ngn export wrote them"
        ) from error
    return {fold: np.sort(values) for fold, values in sorted(found.items())}
