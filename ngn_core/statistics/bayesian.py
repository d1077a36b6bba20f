"""Probabilities of the Bayesian correlated t-test."""

from __future__ import annotations

from ngn_core.statistics.corrected_t import CorrectedTTest
from ngn_core.statistics.verdicts import Probabilities


def probabilities(found: CorrectedTTest, margin: float, better: str) -> Probabilities:
    """Return how probable it is that one spec is better, equivalent or worse.

    The posterior of the difference is Student's, with mean, corrected standard error
    and degrees of freedom of the t-test (Corani & Benavoli 2015,
    https://doi.org/10.1007/s10994-015-5486-z).

    Differs from `baycomp.CorrelatedTTest`: n_test/n_train is that of the folds, where
    baycomp assumes 1 / (J - 1); with J folds of one size the two agree.

    Args:
        found: of the differences spec - other.
        margin: half the width of the region of equivalence, in their unit.
        better: lower or higher.
    """
    from baycomp.single import Posterior

    variance = found.standard_error**2
    parts = Posterior(found.mean, variance, found.df, margin).probs()
    low, high = float(parts[0]), float(parts[-1])
    inside = max(1 - low - high, 0.0)
    if better == "lower":
        return Probabilities(low, inside, high)
    return Probabilities(high, inside, low)
