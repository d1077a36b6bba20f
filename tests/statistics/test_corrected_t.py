"""The corrected t-test and its Bayesian duplicate, against published numbers."""

from __future__ import annotations

import math

import baycomp
import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from ngn_core.statistics.bayesian import probabilities
from ngn_core.statistics.corrected_t import correct_t_test


@pytest.fixture(scope="module")
def moons():
    """AUC of two kernels, 10 times 10 folds of 100 points.

    Of "Statistical comparison of models using grid search", scikit-learn's examples,
    whose printed numbers are below.
    """
    points, labels = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (
        cross_val_score(
            SVC(kernel=kernel, random_state=0),
            points,
            labels,
            cv=folds,
            scoring="roc_auc",
        )
        for kernel in ("rbf", "linear")
    )
    return correct_t_test(rbf - linear, 10 / 90)


def test_t_and_p_are_those_of_scikit_learns_example(moons):
    assert moons.t == pytest.approx(0.750, abs=5e-4)
    assert moons.p / 2 == pytest.approx(0.227, abs=5e-4)  # one-sided there


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [
        (0.50, 0.000977, 0.019023),
        (0.75, -0.005422, 0.025422),
        (0.95, -0.016445, 0.036445),
    ],
)
def test_intervals_are_those_of_scikit_learns_example(moons, level, low, high):
    interval = moons.interval(level)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-7)


def test_probabilities_are_those_of_scikit_learns_example(moons):
    assert probabilities(moons, 0, "higher").better == pytest.approx(0.773, abs=5e-4)
    found = probabilities(moons, 0.01, "higher")
    assert found.worse == pytest.approx(0.068, abs=5e-4)
    assert found.equivalent == pytest.approx(0.432, abs=5e-4)
    assert found.better == pytest.approx(0.500, abs=5e-4)


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_probabilities_are_baycomps_for_folds_of_one_size(better):
    rng = np.random.default_rng(0)
    mine, other = rng.normal(0.3, 0.02, (2, 5))
    left, inside, right = baycomp.two_on_single(other, mine, rope=0.01)
    found = probabilities(correct_t_test(mine - other, 1 / 4), 0.01, better)
    expected = (left, inside, right) if better == "lower" else (right, inside, left)
    assert (found.better, found.equivalent, found.worse) == pytest.approx(expected)


def test_without_overlap_it_is_students_paired_test():
    mine, other = np.random.default_rng(0).normal(size=(2, 7))
    expected = stats.ttest_rel(mine, other)
    found = correct_t_test(mine - other, 0.0)
    assert found.t == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    interval = expected.confidence_interval(0.95)
    assert found.interval(0.95).low == pytest.approx(interval.low)
    assert found.interval(0.95).high == pytest.approx(interval.high)


def test_differences_that_do_not_vary_are_certain():
    assert correct_t_test([0.5, 0.5], 0.25).t == math.inf
    assert correct_t_test([0.5, 0.5], 0.25).p == 0
    assert correct_t_test([0.0, 0.0], 0.25).p == 1


def test_false_positives_under_a_true_null_stay_below_the_level():
    # Two learners that are each other's mirror image, on folds that share training
    # points; the uncorrected test is wrong more often than 1 in 20
    rng, folds, repeats, n, width = np.random.default_rng(0), 5, 800, 40, 8
    corrects = plains = 0
    for _ in range(repeats):
        inputs = rng.normal(size=(2, n, width))
        values = inputs.sum((0, 2)) + rng.normal(size=n)
        differences = []
        for fold in range(folds):
            test = np.arange(n) % folds == fold
            errors = [
                np.abs(own[test] @ _ridge(own[~test], values[~test]) - values[test])
                for own in inputs
            ]
            differences.append(errors[0].mean() - errors[1].mean())
        corrects += correct_t_test(differences, 1 / (folds - 1)).p < 0.05
        plains += stats.ttest_1samp(differences, 0).pvalue < 0.05
    assert 0.005 < corrects / repeats < 0.05
    assert plains / repeats > 0.065


def _ridge(inputs, values):
    return np.linalg.solve(
        inputs.T @ inputs + np.eye(inputs.shape[1]), inputs.T @ values
    )
