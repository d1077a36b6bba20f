"""How numbers are distributed, and which of them lie far out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FAR = 3.5
"""Robust z above which a value is an outlier (Iglewicz & Hoaglin 1993)."""

_NORMAL = 0.6744897501960817
"""Median absolute deviation of the normal distribution with standard deviation 1."""


@dataclass(frozen=True)
class Distribution:
    """Numbers in short.

    Attributes:
        count: how many.
        mean: of them.
        std: standard deviation (ddof 0).
        quantiles: minimum, lower quartile, median, upper quartile, maximum.
        edges: [bins + 1], limits of the bins of a histogram.
        counts: [bins], numbers in each.
    """

    count: int
    mean: float
    std: float
    quantiles: tuple[float, float, float, float, float]
    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Outlier:
    """A value far from the others, and its robust z."""

    id: str
    value: float
    z: float


@dataclass(frozen=True)
class Outliers:
    """The outliers of some values.

    Attributes:
        found: the farthest first.
        median: of the values.
        mad: median absolute deviation from it.
        far: robust z above which a value is one.
    """

    found: tuple[Outlier, ...]
    median: float
    mad: float
    far: float = FAR


def distribution(values: np.ndarray, bins: int = 40) -> Distribution:
    """Return how values are distributed.

    Args:
        values: [B], finite.
        bins: of the histogram, at most; whole numbers get bins of whole width.
    """
    low, q1, median, q3, high = np.quantile(values, [0.0, 0.25, 0.5, 0.75, 1.0])
    counts, edges = np.histogram(values, _edges(values, bins))
    return Distribution(
        len(values),
        float(values.mean()),
        float(values.std()),
        (float(low), float(q1), float(median), float(q3), float(high)),
        tuple(edges.tolist()),
        tuple(counts.tolist()),
    )


def _edges(values: np.ndarray, bins: int) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    if (values == np.rint(values)).all():
        width = max(int(np.ceil((high - low + 1) / bins)), 1)
        count = int(np.ceil((high - low + 1) / width))
        return low - 0.5 + width * np.arange(count + 1)
    return np.linspace(low, high, bins + 1)


def outliers(ids: Sequence[str], values: np.ndarray) -> Outliers:
    """Return the values whose robust z is above `FAR`.

    z = 0.6745 (x - median) / MAD, MAD the median absolute deviation from the median:
    the modified z-score of Iglewicz & Hoaglin, How to Detect and Handle Outliers, 1993.
    Where more than half of the values are equal, MAD is 0 and nothing is an outlier.

    Args:
        ids: of the values.
        values: [B], finite.
    """
    median = float(np.median(values))
    mad = float(np.median(np.abs(values - median)))
    if mad == 0.0:
        return Outliers((), median, mad)
    z = _NORMAL * (values - median) / mad
    far = np.flatnonzero(np.abs(z) > FAR)
    order = far[np.argsort(-np.abs(z[far]), kind="stable")]
    found = tuple(Outlier(ids[i], float(values[i]), float(z[i])) for i in order)
    return Outliers(found, median, mad)
