"""The t-test of fold scores whose training sets overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ngn_core.statistics.verdicts import Interval


@dataclass(frozen=True)
class CorrectedTTest:
    """Mean of differences over J folds, and how far it can be trusted.

    The standard error is sqrt((1/J + n_test/n_train) S^2), S^2 the sample variance
    (Nadeau & Bengio 2003, https://doi.org/10.1023/A:1024068626366, section 5.1).

    Attributes:
        mean: of the differences.
        variance: of them, ddof 1.
        factor: 1/J + n_test/n_train.
        df: degrees of freedom, J - 1.
    """

    mean: float
    variance: float
    factor: float
    df: int

    @property
    def standard_error(self) -> float:
        """Return it, in the unit of the differences."""
        return math.sqrt(self.factor * self.variance)

    @property
    def t(self) -> float:
        """Return the mean over its standard error; infinite where nothing varies."""
        if self.standard_error > 0:
            return self.mean / self.standard_error
        return math.copysign(math.inf, self.mean) if self.mean else 0.0

    @property
    def p(self) -> float:
        """Return the two-sided p-value."""
        return float(2 * stats.t.sf(abs(self.t), self.df))

    def interval(self, level: float) -> Interval:
        """Return where the mean lies, at a level of 0.95 say."""
        half = quantile(level, self.df) * self.standard_error
        return Interval(self.mean - half, self.mean + half)


def quantile(level: float, df: int) -> float:
    """Return how many standard errors an interval reaches to each side."""
    return float(stats.t.ppf((1 + level) / 2, df))


def correct_t_test(differences: Sequence[float], ratio: float) -> CorrectedTTest:
    """Return the corrected t-test of differences, one a fold.

    Args:
        differences: two or more; means over seeds, never one a seed.
        ratio: n_test / n_train of a fold.
    """
    count = len(differences)
    return CorrectedTTest(
        float(np.mean(differences)),
        float(np.var(differences, ddof=1)),
        1 / count + ratio,
        count - 1,
    )
