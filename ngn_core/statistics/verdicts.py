"""What can be said of each pair of specs: better, worse, equivalent or undecided."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["better", "worse", "equivalent", "undecided"]

MARGIN = 0.05
"""Share of the error within which specs count as equivalent, unless one is named."""


@dataclass(frozen=True)
class Interval:
    """Where a difference lies, in the unit of the metric."""

    low: float
    high: float


@dataclass(frozen=True)
class Probabilities:
    """That the next difference in fold means is on either side of the margin, or in it.

    Of the Bayesian correlated t-test; they sum to 1.
    """

    better: float
    equivalent: float
    worse: float


@dataclass(frozen=True)
class RequiredSamples:
    """What would decide an undecided pair, if its difference stayed as it is.

    Attributes:
        seeds: a fold in all, None where no number of them would, or it is not known.
        folds: in all, None where no number of them would, or they are official.
        seeds_known: whether the noise of seeds was measured; if not, `seeds` is the
            least that it could be: all of the spread is seed noise.
        folds_open: whether there may be other folds: they are not given.
    """

    seeds: int | None
    folds: int | None
    seeds_known: bool
    folds_open: bool


@dataclass(frozen=True)
class Pair:
    """One spec against another, on the folds that both have.

    Differences are spec minus other, in the unit of the metric: negative is better
    where lower is better.

    Attributes:
        spec: whose outcome it is.
        other: what it is compared with.
        outcome: of the spec.
        folds: how many both have.
        score: of the spec, mean over these folds of the mean over seeds.
        other_score: the same of the other.
        difference: between the two.
        better: lower or higher.
        error: the other's score, or 1 - score where higher is better; what the margin
            is a share of.
        margin: in the unit of the metric.
        interval: 95 %, Nadeau and Bengio's; None with one fold.
        equivalence: 90 %, the one that is held against the margin.
        t: corrected; None with one fold.
        p: two-sided, of the corrected t.
        holm: p over the family that the pair is in.
        holm_all: p over all pairs of the table, which holds where the other was chosen
            as the best on the same folds.
        bootstrap: 95 % over groups of crystals, given these trained models; None where
            there are no predictions, or the metric is no mean over crystals.
        probabilities: None with one fold.
        win_rate: share of crystals that the spec predicts closer, halves for draws;
            None where there are no predictions.
        required: None where the pair is decided, or there is one fold.
        missing: folds that one of the two has no score on.
    """

    spec: str
    other: str
    outcome: Outcome
    folds: int
    score: float
    other_score: float
    difference: float
    better: str
    error: float
    margin: float
    interval: Interval | None
    equivalence: Interval | None
    t: float | None
    p: float | None
    holm: float | None
    holm_all: float | None
    bootstrap: Interval | None
    probabilities: Probabilities | None
    win_rate: float | None
    required: RequiredSamples | None
    missing: tuple[int, ...]

    @property
    def relative(self) -> float:
        """Return how much larger the spec's error is, as a share of the other's.

        Negative is better, whichever way the metric goes; NaN where the other's is 0.
        """
        return self.shares(Interval(self.difference, self.difference)).low

    def shares(self, interval: Interval) -> Interval:
        """Return an interval of differences as one of `relative`."""
        if not self.error:
            return Interval(math.nan, math.nan)
        ends = interval.low / self.error, interval.high / self.error
        low, high = ends if self.better == "lower" else (-ends[1], -ends[0])
        return Interval(low, high)


@dataclass(frozen=True)
class VarianceComponents:
    """What a spec's scores vary with, standard deviations of the deciding metric.

    Attributes:
        fold: between folds, the noise of seeds taken off; None with one fold.
        seed: between seeds of a fold; None with one seed a fold: not measured.
        seeds: trials a fold, the fewest.
    """

    fold: float | None
    seed: float | None
    seeds: int


@dataclass(frozen=True)
class Errors:
    """What the mean error does not say; a crystal's error is its mean over seeds.

    Attributes:
        median: of |prediction - target|, in the unit of the target.
        worst: share of all error that is in the worst 1 % of the crystals.
        worst_count: how many these are, one at least.
    """

    median: float
    worst: float
    worst_count: int


@dataclass(frozen=True)
class Verdicts:
    """What a table's scores can be trusted to say.

    Attributes:
        metric: title of the deciding one.
        unit: of it.
        better: lower or higher.
        baseline: what every spec is compared with.
        chosen: whether the baseline is the best of these scores, not named beforehand.
        margin: a share, see `Pair`.
        pairs: each other spec against the baseline, in the order of the table.
        all_pairs: all pairs, Holm over all; empty unless asked for.
        noise: by spec.
        errors: by spec, those with predictions.
        grouped: whether crystals of one formula were drawn together.
        best: specs that are not separated from the best one, that one among them.
    """

    metric: str
    unit: str
    better: str
    baseline: str
    chosen: bool
    margin: float
    pairs: tuple[Pair, ...]
    all_pairs: tuple[Pair, ...]
    noise: Mapping[str, VarianceComponents]
    errors: Mapping[str, Errors]
    grouped: bool
    best: tuple[str, ...]
