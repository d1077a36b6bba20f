"""Mean and standard deviation of some values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev


@dataclass(frozen=True)
class Spread:
    """Mean and population standard deviation over trials, and how many there are."""

    mean: float
    std: float
    count: int

    @classmethod
    def over(cls, values: Sequence[float]) -> Spread:
        """Return the spread of some values (ddof 0, as MatBench has it).

        NaN among the values makes both NaN.
        """
        if any(math.isnan(value) for value in values):
            return cls(math.nan, math.nan, len(values))
        return cls(fmean(values), pstdev(values), len(values))
