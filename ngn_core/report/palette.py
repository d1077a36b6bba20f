"""Colors that people who see few colors tell apart, and marks beside them."""

from __future__ import annotations

_COLORS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#9A8F3C",
)
"""Okabe and Ito 2008 without yellow and black, which a page or its night hides."""

GRAY = "#888888"
NEUTRAL = -1
"""The place of what is no spec's: gray."""


def color(place: int) -> str:
    """Return the color of a place, the first again after the last."""
    return GRAY if place == NEUTRAL else _COLORS[place % len(_COLORS)]


def turn(place: int) -> int:
    """Return how often the colors were used up: another mark or dash each time."""
    return place // len(_COLORS)


def cycle(place: int, marks: tuple[str, ...]) -> str:
    """Return the mark of a place: neighbors differ in the mark as in the color."""
    if place == NEUTRAL:
        return marks[0]
    return marks[(place + turn(place)) % len(marks)]


def faint(place: int, share: float) -> str:
    """Return the color of a place with some opacity, for bands."""
    name = color(place)
    red, green, blue = (int(name[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"
