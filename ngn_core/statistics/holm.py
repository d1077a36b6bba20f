"""Several p-values at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(values: Sequence[float]) -> list[float]:
    """Return p-values by Holm's step-down procedure, in the order given.

    The i-th smallest of m is multiplied by m - i + 1, and is never smaller than the one
    before (Holm 1979). Rejecting those below a level keeps the chance of one wrong
    rejection or more below it.
    """
    order = np.argsort(values)
    steps = np.take(values, order) * np.arange(len(values), 0, -1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(value) for value in adjusted]
