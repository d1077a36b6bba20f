"""CV+ intervals against the definition, and against their promise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ngn_core.statistics.interval import cv_plus, promised


def by_definition(means, residuals, nominal):
    """Barber et al. 2021, eq. (11): all shifted residuals, sorted."""
    parts = zip(means, residuals, strict=True)
    shifts = [(mean, r) for mean, one in parts for r in one]
    count = len(shifts) + 1
    least = math.floor((1 - nominal) * count + 1e-9)
    lower = sorted(mean - r for mean, r in shifts)[least - 1]
    upper = sorted(mean + r for mean, r in shifts)[
        math.ceil(nominal * count - 1e-9) - 1
    ]
    return lower, upper


@pytest.mark.parametrize("nominal", [0.5, 0.8, 0.9])
@pytest.mark.parametrize("sizes", [(30,), (12, 9, 30), (10, 10, 10, 10, 10)])
def test_it_is_what_the_paper_says(nominal, sizes):
    rng = np.random.default_rng(0)
    residuals = {fold: np.sort(rng.exponential(size=n)) for fold, n in enumerate(sizes)}
    means = rng.normal(size=(len(sizes), 7))
    low, high = cv_plus(means, residuals, nominal)
    for column in range(7):
        expected = by_definition(means[:, column], residuals.values(), nominal)
        assert (low[column], high[column]) == pytest.approx(expected, rel=1e-12)


def test_the_promise_is_that_of_the_theorem():
    # 2 (1 - 1/5) / (500/5 + 1) = 1.6/101 is less than (1 - 5/500) / 6
    assert promised(500, 5) == pytest.approx(0.8 - 1.6 / 101)
    # with a fold for each crystal nothing is lost: the jackknife+
    assert promised(50, 50) == pytest.approx(0.8)
    assert promised(50, 1) == 0.9


def test_too_few_residuals_give_none():
    assert cv_plus(np.zeros((1, 3)), {0: np.ones(8)}) is None
    assert cv_plus(np.zeros((1, 3)), {0: np.ones(9)}) is not None
    assert cv_plus(np.zeros((0, 3)), {}) is None


def test_it_holds_the_share_that_it_promises():
    """Ridge regression on drawn data: nominal 90 %, never under 80 %."""
    rng = np.random.default_rng(0)
    truth, held = rng.normal(size=5), []
    for _ in range(40):
        x = rng.normal(size=(60, 5))
        y = x @ truth + rng.standard_t(3, size=60)
        fold = np.arange(60) % 5
        fits = [
            np.linalg.lstsq(x[fold != k], y[fold != k], rcond=None)[0] for k in range(5)
        ]
        residuals = {
            k: np.sort(np.abs(y[fold == k] - x[fold == k] @ fits[k])) for k in range(5)
        }
        new = rng.normal(size=(50, 5))
        low, high = cv_plus(np.stack([new @ fit for fit in fits]), residuals)
        drawn = new @ truth + rng.standard_t(3, size=50)
        held.append(((low <= drawn) & (drawn <= high)).mean())
    assert 0.87 < np.mean(held) < 0.97
