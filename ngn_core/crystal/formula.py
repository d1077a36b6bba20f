"""The composition of a crystal, and the formula as chemists order it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ngn_core.crystal.crystal import FULL, Species
from ngn_core.crystal.elements import symbol_of

_NOBLE = (0, 2, 10, 18, 36, 54, 86, 118)
"""Atomic numbers after which a period begins."""

_FINEST = 10_000
"""Greatest denominator of a share in a disordered crystal."""

Composition = tuple[tuple[int, Fraction], ...]
"""(Atomic number, share of the atoms) of each element, by atomic number."""


def composition(species: Sequence[Species]) -> Composition:
    """Return the share of each element; it does not depend on the choice of cell.

    Shares of a disordered crystal are the simplest fractions near by, with a
    denominator up to 10,000: sums of rounded occupancies have no exact one.

    Args:
        species: what sits on each site of a cell.
    """
    amounts = _amounts(species)
    if _is_ordered(species):
        shares = {z: Fraction(round(amounts[z]), len(species)) for z in amounts}
    else:
        total = sum(amounts.values())
        shares = {z: _simple(amounts[z] / total) for z in amounts}
    return tuple(sorted(shares.items()))


def formula(species: Sequence[Species]) -> str:
    """Return the reduced formula, by group of the periodic table, heavier first.

    This is nearly the order of electronegativity: NaCl, SrTiO3, SiC. The formula unit
    of a disordered crystal is the one with the most whole numbers: La1.85Sr0.15CuO4.

    Args:
        species: what sits on each site of a cell.
    """
    counts = whole_numbers(composition(species))
    unit = 1
    if not _is_ordered(species):
        candidates = sorted(set(counts.values()), reverse=True)
        unit = max(
            candidates,
            key=lambda unit: sum(count % unit == 0 for count in counts.values()),
        )
    parts = []
    for z in sorted(counts, key=lambda z: (_group(z), -z)):
        amount = counts[z] / unit
        parts.append(f"{symbol_of(z)}{'' if amount == 1 else f'{amount:.4g}'}")
    return "".join(parts)


def whole_numbers(shares: Composition) -> dict[int, int]:
    """Return the smallest whole numbers in the ratio of the shares, by element."""
    multiple = math.lcm(*(share.denominator for _, share in shares))
    counts = {z: int(share * multiple) for z, share in shares}
    divisor = math.gcd(*counts.values())
    return {z: count // divisor for z, count in counts.items()}


def _is_ordered(species: Sequence[Species]) -> bool:
    return all(len(site) == 1 and site[0][1] >= FULL for site in species)


def _amounts(species: Sequence[Species]) -> dict[int, float]:
    """Return the atoms of each element in a cell."""
    amounts: dict[int, float] = {}
    for site in species:
        for z, weight in site:
            amounts[z] = amounts.get(z, 0.0) + weight
    return amounts


def _simple(share: float) -> Fraction:
    found = Fraction(share).limit_denominator(_FINEST)
    return max(found, Fraction(1, _FINEST))


def _group(number: int) -> int:
    """Return the group of the periodic table, 1 to 18; f elements are in group 3."""
    before = max(noble for noble in _NOBLE if noble < number)
    place = number - before
    left = min((noble - number for noble in _NOBLE if noble >= number), default=0)
    if place <= 2 and left:
        return place
    return max(18 - left, 3)
