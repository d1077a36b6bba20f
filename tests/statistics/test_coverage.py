"""Coverage of stored predictions, and what spread tells of errors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ngn_core.statistics.coverage import coverage_of, rejection_of


@pytest.fixture
def drawn(trial_result):
    """Return trials whose errors are normal, wider where the seeds differ more."""

    def results(count=400, seeds=2, wrong=1.0):
        rng = np.random.default_rng(0)
        found = []
        for fold in range(4):
            scale = rng.uniform(0.1, 2.0, count) * (wrong if fold == 0 else 1.0)
            shared = scale * rng.normal(size=count)
            for seed in range(seeds):
                said = shared + scale * rng.normal(size=count)
                rows = tuple(
                    (f"{fold}-{i}", 0.0, p) for i, p in enumerate(said.tolist())
                )
                found.append(trial_result("a", fold, 1.0, seed=seed, predictions=rows))
        return found

    return results


def test_alike_folds_hold_the_nominal_share(drawn):
    found = coverage_of(drawn())
    for nominal, share in found.held.items():
        assert share == pytest.approx(nominal, abs=0.03)
    assert found.width[0.5] < found.width[0.9] < found.width[0.95]


def test_a_fold_of_another_kind_is_seen(drawn):
    assert coverage_of(drawn(wrong=10.0)).held[0.9] < 0.85


def test_spread_that_tells_of_errors_lowers_them(drawn):
    found = rejection_of(drawn())
    curve = list(found.by_spread.values())
    assert curve == sorted(curve, reverse=True)
    assert curve[-1] < 0.7 * curve[0]
    for share, error in found.by_spread.items():
        assert found.by_error[share] <= error
    assert found.by_error[1.0] == found.by_spread[1.0]


def test_one_seed_has_no_curve_one_fold_no_coverage(drawn):
    assert rejection_of(drawn(seeds=1)) is None
    assert coverage_of(drawn()[:2]) is None
    assert math.isnan(coverage_of(drawn(count=2)).held[0.95])
