"""Ratios as people say them: a ninth, half, as much, 3.1 times as much."""

from __future__ import annotations

_PARTS = {
    2: "half",
    3: "a third",
    4: "a quarter",
    5: "a fifth",
    6: "a sixth",
    7: "a seventh",
    8: "an eighth",
    9: "a ninth",
    10: "a tenth",
}


def as_much(ratio: float) -> str:
    """Return a positive ratio in words, within a tenth of it or so."""
    if 0.91 <= ratio <= 1.1:
        return "as much"
    if ratio > 1:
        return f"{_number(ratio)} times as much"
    parts = 1 / ratio
    if parts < 1.8:
        return f"{ratio:.0%} as much".replace("%", " %")
    whole = round(parts)
    if whole <= 10:
        return _PARTS[whole]
    return f"one part in {_number(parts)}"


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"
