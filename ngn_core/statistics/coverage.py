"""Whether intervals hold what they promise, and whether spread tells of errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

import numpy as np

from ngn_core.experiment.result import Result

NOMINALS = (0.5, 0.8, 0.9, 0.95)
KEPT = (1.0, 0.9, 0.75, 0.5, 0.25)
"""Shares of the test crystals that are kept, those with the least spread."""


@dataclass(frozen=True)
class Coverage:
    """What the intervals of a spec hold of the targets of its test crystals.

    Attributes:
        spec: its name.
        held: share of targets inside, by nominal share; NaN for too few residuals.
        width: mean width of the intervals, by nominal share, in the target's unit.
    """

    spec: str
    held: Mapping[float, float]
    width: Mapping[float, float]


@dataclass(frozen=True)
class Rejection:
    """Mean absolute error of the test crystals that are kept, by their share.

    Attributes:
        spec: its name.
        by_spread: where those of the greatest spread over seeds are left out.
        by_error: where those of the greatest error are: no order can do better.
    """

    spec: str
    by_spread: Mapping[float, float]
    by_error: Mapping[float, float]


@dataclass(frozen=True, eq=False)
class _Tested:
    """The test crystals of a fold: errors of the mean over seeds, and spread, [n]."""

    error: np.ndarray
    spread: np.ndarray
    seeds: int


def coverage_of(results: Sequence[Result]) -> Coverage | None:
    """Return what intervals from the other folds' residuals hold in each fold.

    An interval is the prediction plus and minus the ceil(nominal (n + 1))-th smallest
    of the n residuals of all other folds. That is not CV+ itself: a test crystal of one
    fold is a training crystal of the others, whose networks cannot speak of it.

    Args:
        results: of one spec's trials.

    Returns:
        None for binary targets, and where there is one fold alone.
    """
    folds = _tested(results)
    if len(folds) < 2:
        return None
    held, width = {}, {}
    for nominal in NOMINALS:
        inside, widths = [], []
        for fold, one in folds.items():
            others = [other.error for key, other in folds.items() if key != fold]
            residuals = np.sort(np.concatenate(others))
            rank = math.ceil(nominal * (len(residuals) + 1))
            half = residuals[rank - 1] if rank <= len(residuals) else math.nan
            inside.append(np.where(np.isnan(half), math.nan, one.error <= half))
            widths.append(np.full(len(one.error), 2 * half))
        held[nominal] = float(np.concatenate(inside).mean())
        width[nominal] = float(np.concatenate(widths).mean())
    return Coverage(results[0].spec, held, width)


def rejection_of(results: Sequence[Result]) -> Rejection | None:
    """Return the error-rejection curve of one spec's trials.

    The spread is that of the seeds that test a crystal, at least two.

    Returns:
        None for binary targets, and where a fold has one seed alone.
    """
    folds = _tested(results)
    if not folds or any(one.seeds < 2 for one in folds.values()):
        return None
    error = np.concatenate([one.error for one in folds.values()])
    spread = np.concatenate([one.spread for one in folds.values()])
    certain, small = (np.argsort(by, kind="stable") for by in (spread, error))
    return Rejection(
        results[0].spec,
        {share: _kept(error[certain], share) for share in KEPT},
        {share: _kept(error[small], share) for share in KEPT},
    )


def _kept(ordered: np.ndarray, share: float) -> float:
    return float(ordered[: max(round(share * len(ordered)), 1)].mean())


def _tested(results: Sequence[Result]) -> dict[int, _Tested]:
    """Return the test crystals by fold, none for binary targets."""
    said: dict[int, dict[str, list[float]]] = {}
    targets: dict[tuple[int, str], float] = {}
    for result in results:
        if result.task != "regression":
            continue
        for name, target, prediction in result.predictions:
            by_id = said.setdefault(result.fold, {})
            by_id.setdefault(name, []).append(prediction)
            targets[result.fold, name] = target
    return {
        fold: _Tested(
            np.array(
                [abs(fmean(v) - targets[fold, name]) for name, v in by_id.items()]
            ),
            np.array([pstdev(values) for values in by_id.values()]),
            min(map(len, by_id.values())),
        )
        for fold, by_id in sorted(said.items())
    }
