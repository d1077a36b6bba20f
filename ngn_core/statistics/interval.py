"""Prediction intervals from out-of-fold errors: CV+."""

from __future__ import annotations

import math

import numpy as np

from ngn_core.statistics.residuals import Residuals

NOMINAL = 0.9
"""Share of crystals whose target an interval is meant to hold."""

_STEPS = 200


def cv_plus(
    means: np.ndarray, residuals: Residuals, nominal: float = NOMINAL
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the ends of the CV+ interval, [m] and [m]; None for too few residuals.

    Each residual R_i is taken with the mean of the fold k(i) that did not train on
    crystal i: the upper end is the ceil(nominal (n + 1))-th smallest of mu_k(i)(x) +
    R_i, the lower end mirrors it. With one fold this is split conformal prediction.

    If the crystals were drawn as the training crystals were, it holds the target with
    the probability `promised` at least, mostly about `nominal`.

    Source: Barber, Candès, Ramdas and Tibshirani, Ann. Statist. 49, 486 (2021).

    Args:
        means: [folds, m], predictions of each fold's networks, in the order of
            `residuals`.
        residuals: sorted errors of each fold.
        nominal: share that the interval is meant to hold.
    """
    count = sum(map(len, residuals.values()))
    rank = math.ceil(nominal * (count + 1))
    if not 0 < rank <= count:
        return None
    errors = list(residuals.values())
    return -_ranked(-means, errors, rank), _ranked(means, errors, rank)


def promised(count: int, folds: int, nominal: float = NOMINAL) -> float:
    """Return the least probability with which CV+ holds a target.

    Source: Barber et al. 2021, theorem 4; of one fold, split conformal prediction.

    Args:
        count: residuals of all folds.
        folds: how many there are.
        nominal: share that the interval is meant to hold.
    """
    if folds == 1:
        return nominal
    few = 2 * (1 - 1 / folds) / (count / folds + 1)
    many = (1 - folds / count) / (folds + 1)
    return 2 * nominal - 1 - min(few, many)


def _ranked(means: np.ndarray, errors: list[np.ndarray], rank: int) -> np.ndarray:
    """Return the rank-th smallest of all mean + error, [m], found by bisection."""
    used = [(mean, one) for mean, one in zip(means, errors, strict=True) if len(one)]
    low: np.ndarray = np.min([mean + one[0] for mean, one in used], axis=0)
    high: np.ndarray = np.max([mean + one[-1] for mean, one in used], axis=0)
    for _ in range(_STEPS):
        middle = low + (high - low) / 2
        found = sum(np.searchsorted(one, middle - mean, "right") for mean, one in used)
        enough = found >= rank
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
        if (high - low <= 4 * np.spacing(np.abs(high))).all():
            break
    return high
