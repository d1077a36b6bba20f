"""The deciding score of each spec, by fold and seed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from ngn_core.experiment.result import Result
from ngn_core.statistics.verdicts import VarianceComponents


@dataclass(frozen=True)
class FoldScores:
    """One spec's deciding scores; a score that is not defined counts as missing.

    Attributes:
        spec: its name.
        by_fold: a score for each seed, by fold.
    """

    spec: str
    by_fold: Mapping[int, tuple[float, ...]]

    @property
    def means(self) -> dict[int, float]:
        """Return the means over seeds, by fold."""
        return {fold: fmean(scores) for fold, scores in self.by_fold.items()}

    @property
    def seeds(self) -> int:
        """Return how many trials the folds have, the fewest."""
        return min(map(len, self.by_fold.values()), default=0)

    @property
    def seed_variance(self) -> float | None:
        """Return the variance between seeds of a fold, pooled over folds.

        None where no fold has two: then it is not measured.
        """
        several = [scores for scores in self.by_fold.values() if len(scores) > 1]
        if not several:
            return None
        squares = sum((len(scores) - 1) * variance(scores) for scores in several)
        return squares / sum(len(scores) - 1 for scores in several)

    @property
    def mean_variance(self) -> float | None:
        """Return what seeds add to the variance of a fold's mean; None: not known."""
        if self.seed_variance is None:
            return None
        return self.seed_variance * fmean(1 / len(s) for s in self.by_fold.values())

    @property
    def noise(self) -> VarianceComponents:
        """Return fold and seed spread apart (one-way random effects, by moments)."""
        found = self.seed_variance
        fold = None
        if len(self.by_fold) > 1:
            left = variance(self.means.values()) - (self.mean_variance or 0.0)
            fold = math.sqrt(max(left, 0.0))
        seed = None if found is None else math.sqrt(found)
        return VarianceComponents(fold, seed, self.seeds)


def fold_scores(results: Sequence[Result]) -> dict[str, FoldScores]:
    """Return the deciding scores by spec, in the order of the results."""
    found: dict[str, dict[int, list[float]]] = {}
    for result in results:
        folds = found.setdefault(result.spec, {})
        value = result.scores[0].value
        if math.isfinite(value):
            folds.setdefault(result.fold, []).append(value)
    return {
        spec: FoldScores(
            spec, {fold: tuple(scores) for fold, scores in sorted(folds.items())}
        )
        for spec, folds in found.items()
    }


def size_ratio(results: Sequence[Result]) -> float:
    """Return n_test / n_train, the mean over folds; of two specs the larger.

    What a fold validates on counts as training: it is what the spec is made from.
    Where sizes are not known, the folds are taken to be of one size.
    """
    ratios: dict[int, float] = {}
    for result in results:
        seen = result.train_size + result.validation_size
        if seen and result.predictions:
            ratio = len(result.predictions) / seen
            ratios[result.fold] = max(ratios.get(result.fold, 0.0), ratio)
    if ratios:
        return fmean(ratios.values())
    return 1 / max(max(result.n_folds for result in results) - 1, 1)
