"""The verdicts of a table: better, equivalent, undecided."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from ngn_core.errors import NGNError
from ngn_core.statistics.verdict_options import VerdictOptions
from ngn_core.summary.ranked import ranked

A = [0.30, 0.32, 0.31, 0.29, 0.33]


def shifted(values, by, noise=0.0):
    return [v + by + n * noise for v, n in zip(values, (1, -1, 2, -2, 0), strict=True)]


def verdicts(results, fold_source="official", **asked):
    verdict_options = VerdictOptions(**asked)
    return ranked(
        results, fold_source=fold_source, formulas={}, verdict_options=verdict_options
    )[2]


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize(
    ("by", "noise", "outcome"),
    [
        (0.1, 0.001, "better"),  # far, and surely
        (-0.1, 0.001, "worse"),
        (0.001, 0.001, "equivalent"),
        (0.03, 0.03, "undecided"),
    ],
)
def test_outcomes(over_folds, better, by, noise, outcome):
    by = by if better == "higher" else -by
    results = over_folds("A", A, better=better)
    results += over_folds("B", shifted(A, by, noise), better=better)
    (pair,) = verdicts(results, baseline="A").pairs
    assert (pair.spec, pair.other, pair.outcome) == ("B", "A", outcome)
    assert (pair.relative < 0) == ((by > 0) == (better == "higher"))
    assert (pair.required is not None) == (outcome == "undecided")


def test_not_significant_is_not_equivalent(over_folds):
    results = over_folds("A", A) + over_folds("B", shifted(A, 0.001, 0.05))
    (pair,) = verdicts(results).pairs
    assert pair.p > 0.9
    assert pair.outcome == "undecided"


def test_a_margin_of_nothing_makes_nothing_equivalent(over_folds):
    results = over_folds("A", A) + over_folds("B", shifted(A, 0.001, 0.001))
    assert verdicts(results, margin=0.02).pairs[0].outcome == "equivalent"
    assert verdicts(results, margin=0.0).pairs[0].outcome == "undecided"


def test_equal_scores_are_equivalent(over_folds):
    (pair,) = verdicts(over_folds("A", A) + over_folds("B", A)).pairs
    assert pair.outcome == "equivalent"
    assert pair.probabilities.equivalent == 1


def test_seeds_are_averaged_and_never_count_as_folds(over_folds):
    rng = np.random.default_rng(0)
    other = over_folds("B", shifted(A, 0.05, 0.02))
    several = []
    for seed, noise in enumerate(rng.normal(0, 0.01, (4, 5))):
        several += over_folds("A", np.add(A, noise), seed=seed)
    means = [
        np.mean([one.scores[0].value for one in several if one.fold == fold])
        for fold in range(5)
    ]
    once = over_folds("A", means)
    (pair,), (averaged,) = (
        verdicts(several + other).pairs,
        verdicts(once + other).pairs,
    )
    assert pair.t == pytest.approx(averaged.t)
    assert pair.p == pytest.approx(averaged.p)


def test_the_overlap_of_training_parts_widens_the_interval(trial_result, over_folds):
    def width(train, validation):
        results = [
            trial_result(
                spec,
                fold,
                value,
                train_size=train,
                validation_size=validation,
                predictions=tuple((str(n), 0.0, 0.1) for n in range(20)),
            )
            for spec, values in (("A", A), ("B", shifted(A, 0.05, 0.02)))
            for fold, value in enumerate(values)
        ]
        interval = verdicts(results).pairs[0].interval
        return interval.high - interval.low

    # what is validated on is trained on; 1/5 + 20/80 against 1/5 + 20/40
    assert width(80, 0) == pytest.approx(width(70, 10))
    assert width(40, 0) / width(80, 0) == pytest.approx(math.sqrt(0.7 / 0.45))


def test_every_spec_not_separated_from_the_best_is_marked(over_folds):
    results = (
        over_folds("A", A)
        + over_folds("B", shifted(A, 0.01, 0.02))
        + over_folds("C", shifted(A, 0.2, 0.001))
    )
    _, lines, found = ranked(
        results, fold_source="official", formulas={}, verdict_options=VerdictOptions()
    )
    assert [(line.spec, line.best) for line in lines] == [
        ("A", True),
        ("B", True),
        ("C", False),
    ]
    assert found.baseline == "A"
    assert found.chosen


def test_a_named_baseline_does_not_change_which_are_the_best(over_folds):
    results = over_folds("A", A) + over_folds("C", shifted(A, 0.2, 0.001))
    found = verdicts(results, baseline="c")
    assert found.baseline == "C"
    assert not found.chosen
    assert [pair.outcome for pair in found.pairs] == ["better"]
    assert found.best == ("A",)


def test_p_values_are_corrected_over_the_pairs_that_are_asked_for(over_folds):
    results = []
    for spec, by in zip("ABCD", (0, 0.04, 0.05, 0.06), strict=True):
        results += over_folds(spec, shifted(A, by, 0.01 * by * 10))
    found = verdicts(results, all_pairs=True)
    assert len(found.pairs) == 3
    assert len(found.all_pairs) == 6
    smallest = min(found.pairs, key=lambda pair: pair.p)
    assert smallest.holm == pytest.approx(min(3 * smallest.p, 1))
    smallest = min(found.all_pairs, key=lambda pair: pair.p)
    assert smallest.holm == pytest.approx(min(6 * smallest.p, 1))
    assert all(pair.holm == pair.holm_all for pair in found.all_pairs)
    assert all(pair.holm <= pair.holm_all for pair in found.pairs)


def test_pairs_are_on_the_folds_that_both_have(over_folds):
    # B has the easy folds alone: its mean is lower, and it is no better on any
    easy = [0.1, 0.1, 0.5, 0.5, 0.5]
    results = over_folds("A", easy)
    results += over_folds("B", [0.11, 0.12, 0.6, None, None])
    found = verdicts(results)
    assert found.baseline == "A"
    (pair,) = found.pairs
    assert pair.folds == 3
    assert pair.missing == (3, 4)
    assert pair.other_score == pytest.approx(np.mean(easy[:3]))


def test_a_score_that_is_not_defined_is_missing(over_folds):
    results = over_folds("A", A) + over_folds("B", [math.nan, *A[1:]])
    (pair,) = verdicts(results).pairs
    assert pair.missing == (0,)
    assert pair.outcome == "equivalent"


def test_one_fold_has_no_interval_and_separates_nothing(over_folds):
    found = verdicts(over_folds("A", [0.1]) + over_folds("B", [0.9]))
    (pair,) = found.pairs
    assert pair.interval is None
    assert pair.holm is None
    assert pair.outcome == "undecided"
    assert found.best == ("A", "B")


def test_specs_that_share_no_fold_are_undecided(over_folds):
    results = over_folds("A", [0.1, 0.1, None, None])
    (pair,) = verdicts(results + over_folds("B", [None, None, 0.2, 0.2])).pairs
    assert pair.folds == 0
    assert math.isnan(pair.difference)


def test_one_spec_has_no_pairs(over_folds):
    found = verdicts(over_folds("A", A))
    assert found.pairs == ()
    assert found.best == ("A",)


def test_the_margin_of_a_score_that_should_be_high_is_of_what_it_lacks(over_folds):
    results = over_folds("A", [0.9, 0.9, 0.9], better="higher")
    results += over_folds("B", [0.88, 0.88, 0.88], better="higher")
    (pair,) = verdicts(results).pairs
    assert pair.margin == pytest.approx(0.05 * 0.1)
    assert pair.relative == pytest.approx(0.2)  # 0.12 against 0.1


def test_seed_and_fold_spread_are_told_apart(trial_result):
    rng = np.random.default_rng(0)
    folds, seeds = 400, 6
    values = 0.5 + rng.normal(0, 0.03, (folds, 1)) + rng.normal(0, 0.01, (folds, seeds))
    results = [
        trial_result("A", fold, values[fold, seed], seed=seed)
        for fold in range(folds)
        for seed in range(seeds)
    ]
    noise = verdicts(results).noise["A"]
    assert noise.fold == pytest.approx(0.03, rel=0.1)
    assert noise.seed == pytest.approx(0.01, rel=0.1)
    assert noise.seeds == seeds
    once = [one for one in results if one.seed == 0]
    assert verdicts(once).noise["A"].seed is None


def test_errors_beside_the_mean(trial_result):
    def predicted(spec, errors):
        found = tuple((str(n), 1.0, 1.0 + error) for n, error in enumerate(errors))
        score = float(np.mean(errors))
        return [
            trial_result(spec, 0, score, predictions=found[:150]),
            trial_result(spec, 1, score, predictions=found[150:]),
        ]

    errors = np.full(200, 0.1)
    errors[:2] = 10.0
    found = verdicts(predicted("A", errors) + predicted("B", np.full(200, 0.2)))
    assert found.errors["A"].median == pytest.approx(0.1)
    assert found.errors["A"].worst_count == 2
    assert found.errors["A"].worst == pytest.approx(20 / (20 + 19.8))
    assert found.errors["B"].worst == pytest.approx(0.01)
    shares = {(pair.spec, pair.other): pair.win_rate for pair in found.pairs}
    assert shares == {("A", "B"): pytest.approx(198 / 200)} or shares == {
        ("B", "A"): pytest.approx(2 / 200)
    }


@pytest.mark.parametrize("margin", [-0.1, 1.0, 5.0, math.nan])
def test_a_margin_that_is_no_share_is_refused(margin):
    with pytest.raises(NGNError, match="--margin"):
        VerdictOptions(margin=margin)


def test_a_baseline_that_is_none_of_the_specs_is_refused():
    VerdictOptions(baseline="cogn").check(["coGN", "CGCNN"])
    with pytest.raises(NGNError, match="--baseline coGM.*coGN, CGCNN.*'coGN'"):
        VerdictOptions(baseline="coGM").check(["coGN", "CGCNN"])


def test_published_scores_alone_are_judged(over_folds):
    published = [
        replace(one, origin="leaderboard")
        for one in over_folds("B", shifted(A, 0.1, 0.001))
    ]
    found = verdicts(over_folds("A", A) + published)
    assert found.pairs[0].outcome == "worse"
    assert found.pairs[0].bootstrap is None
    assert found.pairs[0].win_rate is None
    assert found.errors == {}
