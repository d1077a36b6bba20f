"""How many more seeds or folds would decide."""

from __future__ import annotations

from ngn_core.statistics.corrected_t import CorrectedTTest
from ngn_core.statistics.required_samples import compute_required_samples

FACTOR = 1 / 5 + 1 / 4


def found(mean, variance):
    return CorrectedTTest(mean, variance, FACTOR, 4)


def test_the_seeds_that_are_named_decide_and_one_less_does_not():
    # all of the variance is noise of 2 seeds: with n it is 2/n of it
    needed = compute_required_samples(found(0.1, 0.02), 0.0, 0.05, 2, 0.02, False).seeds
    assert found(0.1, 0.02).p > 0.05
    assert found(0.1, 0.02 * 2 / needed).p <= 0.05
    assert found(0.1, 0.02 * 2 / (needed - 1)).p > 0.05


def test_seeds_decide_for_equivalence_too():
    needed = compute_required_samples(
        found(0.001, 0.02), 0.05, 0.05, 1, 0.02, False
    ).seeds
    interval = found(0.001, 0.02 / needed).interval(0.9)
    assert interval.low >= -0.05
    assert interval.high <= 0.05
    assert found(0.001, 0.02 / (needed - 1)).interval(0.9).high > 0.05


def test_no_number_of_seeds_decides_where_folds_differ_by_themselves():
    answer = compute_required_samples(found(0.1, 0.02), 0.0, 0.05, 3, 0.001, False)
    assert answer.seeds is None
    assert answer.seeds_known


def test_with_one_seed_the_least_number_is_told():
    answer = compute_required_samples(found(0.1, 0.02), 0.0, 0.05, 1, None, False)
    assert not answer.seeds_known
    assert (
        answer.seeds
        == compute_required_samples(found(0.1, 0.02), 0, 0.05, 1, 0.02, False).seeds
    )


def test_official_folds_are_not_to_be_added():
    assert (
        compute_required_samples(found(0.1, 0.02), 0.0, 0.05, 1, None, False).folds
        is None
    )
    assert not compute_required_samples(
        found(0.1, 0.02), 0.0, 0.05, 1, None, False
    ).folds_open


def test_a_level_that_is_corrected_needs_more():
    plain, strict = (
        compute_required_samples(found(0.1, 0.02), 0.0, level, 1, 0.02, True)
        for level in (0.05, 0.01)
    )
    assert strict.seeds > plain.seeds


def test_the_folds_that_are_named_decide_where_folds_are_smaller_test_parts():
    # n times the folds, n times the variance of each, and more of them
    five = found(0.1, 0.004)
    needed = compute_required_samples(five, 0.0, 0.05, 1, None, True).folds
    assert five.p > 0.05
    assert _parted(five, needed).p <= 0.05
    assert _parted(five, needed - 1).p > 0.05


def _parted(five, folds):
    factor = 1 / folds + 1 / (folds - 1)
    return CorrectedTTest(five.mean, five.variance * folds / 5, factor, folds - 1)


def test_no_number_of_folds_decides_too_small_a_difference():
    answer = compute_required_samples(found(0.01, 0.004), 0.0, 0.05, 1, None, True)
    assert answer.folds is None
    assert answer.folds_open
