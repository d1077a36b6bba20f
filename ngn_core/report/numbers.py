"""Numbers as people read them."""

from __future__ import annotations

import math


def shown(value: float | None, digits: int = 4) -> str:
    """Return a number with so many significant digits, never in powers of ten."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return "undefined"
    if value == round(value):
        return f"{value:,.0f}"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return f"{value:,.{min(decimals, 8)}f}"


def spread(mean: float, std: float) -> str:
    """Return `mean ± std`, both with the decimals that the mean has."""
    text = shown(mean)
    if text == "undefined":
        return text
    decimals = len(text.partition(".")[2])
    return f"{text} ± {std:,.{decimals}f}"
