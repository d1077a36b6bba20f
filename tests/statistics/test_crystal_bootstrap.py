"""The bootstrap over test crystals."""

from __future__ import annotations

import numpy as np
import pytest

from ngn_core.statistics.crystal_bootstrap import bootstrap, is_mean_error, win_rate
from ngn_core.statistics.crystal_errors import CrystalError


def errors(values):
    return [CrystalError(str(n), 0.0, 0.0, value) for n, value in enumerate(values)]


def test_it_is_the_normal_interval_of_many_crystals():
    mine, other = np.random.default_rng(0).gamma(2, 1, (2, 2000))
    found = bootstrap(errors(mine), errors(other), {})
    differences = mine - other
    half = 1.96 * differences.std() / np.sqrt(2000)
    assert found.low == pytest.approx(differences.mean() - half, abs=0.15 * half)
    assert found.high == pytest.approx(differences.mean() + half, abs=0.15 * half)


def test_crystals_of_one_formula_are_drawn_together():
    # each crystal four times over: alone, they would count as four times the evidence
    mine, other = np.repeat(np.random.default_rng(0).gamma(2, 1, (2, 200)), 4, axis=1)
    formulas = {str(n): f"X{n // 4}" for n in range(800)}
    grouped = bootstrap(errors(mine), errors(other), formulas)
    alone = bootstrap(errors(mine), errors(other), {})
    wider = (grouped.high - grouped.low) / (alone.high - alone.low)
    assert wider == pytest.approx(2, rel=0.15)


def test_it_is_paired_and_the_same_again():
    mine = np.random.default_rng(0).gamma(2, 1, 50)
    found = bootstrap(errors(mine + 0.5), errors(mine), {})
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))
    other = errors(mine[::-1])
    assert bootstrap(errors(mine), other, {}) == bootstrap(errors(mine), other, {})


def test_one_group_has_no_spread():
    found = bootstrap(errors([1.0, 2.0]), errors([0.0, 0.0]), {"0": "X", "1": "X"})
    assert (found.low, found.high) == (1.5, 1.5)


def test_draws_are_halves():
    assert win_rate(errors([1, 1, 3, 4]), errors([2, 1, 2, 5])) == pytest.approx(
        2.5 / 4
    )
    assert win_rate(errors([1.0]), []) is None


def test_a_score_is_a_mean_error_where_the_numbers_say_so(trial_result):
    predictions = (("a", 1.0, 1.5), ("b", 1.0, 0.0))
    assert is_mean_error([trial_result("A", 0, 0.75, predictions=predictions)])
    assert not is_mean_error([trial_result("A", 0, 0.79, predictions=predictions)])
    assert not is_mean_error([trial_result("A", 0, 0.75)])
