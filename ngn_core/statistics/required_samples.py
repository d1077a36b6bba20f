"""How many more seeds or folds would decide a pair."""

from __future__ import annotations

import math

from ngn_core.statistics.corrected_t import CorrectedTTest, quantile
from ngn_core.statistics.verdicts import RequiredSamples

MOST_SEEDS, MOST_FOLDS = 1000, 100
"""Beyond which nobody trains: no number decides."""


def compute_required_samples(
    found: CorrectedTTest,
    margin: float,
    level: float,
    seeds: int,
    seed_noise: float | None,
    folds_open: bool,
) -> RequiredSamples:
    """Return what would decide, if the difference stayed as it is.

    More seeds shrink what seeds add to the spread of fold means; what is left is the
    folds' own. More folds are taken to be smaller test parts of the same crystals, so
    that the variance of one fold's difference grows with their number.

    Args:
        found: of the pair.
        margin: in the unit of the differences.
        level: that the p-value has to fall below, corrected for the family.
        seeds: that each fold has.
        seed_noise: variance that these seeds add to a fold's difference; None where
            it was not measured: then the least number is returned, as if all of the
            variance were theirs.
        folds_open: whether there may be other folds.
    """
    return RequiredSamples(
        _seeds(found, margin, level, seeds, seed_noise),
        _folds(found, margin, level) if folds_open else None,
        seeds_known=seed_noise is not None,
        folds_open=folds_open,
    )


def _seeds(
    found: CorrectedTTest, margin: float, level: float, seeds: int, noise: float | None
) -> int | None:
    noise = found.variance if noise is None else min(noise, found.variance)
    left = _enough(found.mean, margin, level, found.df) / found.factor
    left -= found.variance - noise
    if left <= 0:
        return None
    needed = max(math.ceil(seeds * noise / left), seeds + 1)
    return needed if needed <= MOST_SEEDS else None


def _folds(found: CorrectedTTest, margin: float, level: float) -> int | None:
    folds = found.df + 1
    for more in range(folds + 1, MOST_FOLDS + 1):
        squared = found.variance * more / folds * (1 / more + 1 / (more - 1))
        if squared <= _enough(found.mean, margin, level, more - 1):
            return more
    return None


def _enough(difference: float, margin: float, level: float, df: int) -> float:
    """Return the squared standard error at and below which the pair is decided."""
    apart = abs(difference) / quantile(1 - level, df)
    inside = max(margin - abs(difference), 0.0) / quantile(0.9, df)
    return max(apart, inside) ** 2
