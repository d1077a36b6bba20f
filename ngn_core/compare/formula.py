"""The chemical formula of a crystal, as chemists order it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ngn_core.crystal.elements import symbol_of

_NOBLE = (0, 2, 10, 18, 36, 54, 86, 118)
"""Atomic numbers after which a period begins."""


def formula(numbers: Sequence[int]) -> str:
    """Return the reduced formula, by group of the periodic table, heavier first.

    This is nearly the order of electronegativity: NaCl, SrTiO3, SiC.

    Args:
        numbers: atomic numbers of the atoms of a cell.
    """
    counts = Counter(numbers)
    divisor = math.gcd(*counts.values())
    parts = []
    for z in sorted(counts, key=lambda z: (_group(z), -z)):
        count = counts[z] // divisor
        parts.append(f"{symbol_of(z)}{count if count > 1 else ''}")
    return "".join(parts)


def _group(number: int) -> int:
    """Return the group of the periodic table, 1 to 18; f elements are in group 3."""
    before = max(noble for noble in _NOBLE if noble < number)
    place = number - before
    left = min((noble - number for noble in _NOBLE if noble >= number), default=0)
    if place <= 2 and left:
        return place
    return max(18 - left, 3)
