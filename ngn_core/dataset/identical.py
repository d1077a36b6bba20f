"""Crystals that occur more than once in a dataset, written the same way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.crystal_set import CrystalSet

_SAME = 1e-4
"""Lattice vectors (Å) and fractional coordinates nearer than this are the same."""


def identical(crystals: Sequence[Crystal]) -> list[tuple[int, ...]]:
    """Return the places of crystals that are written the same way, in groups.

    They have the same species in the same order, and lattice vectors and fractional
    coordinates, up to whole cells, that differ by at most 1e-4. The same structure in
    another cell or order is a structure duplicate, not identical.

    Returns:
        Groups of two or more, in the order of the crystals.
    """
    alike: dict[object, list[int]] = {}
    for place, crystal in enumerate(crystals):
        alike.setdefault(crystal.species, []).append(place)
    found = []
    for places in alike.values():
        groups: list[list[int]] = []
        for place in places:
            for group in groups:
                if _are_same(crystals[group[0]], crystals[place]):
                    group.append(place)
                    break
            else:
                groups.append([place])
        found += [tuple(group) for group in groups if len(group) > 1]
    return sorted(found)


def identical_remarks(crystals: CrystalSet) -> list[str]:
    """Return a sentence for each group of crystals that are written the same way."""
    return [
        f"Identical crystals: {', '.join(crystals.ids[place] for place in group)}"
        for group in identical(crystals.crystals)
    ]


def _are_same(one: Crystal, other: Crystal) -> bool:
    apart = one.frac - other.frac
    apart -= np.rint(apart)
    lattice = one.lattice - other.lattice
    return bool((np.abs(lattice) <= _SAME).all() and (np.abs(apart) <= _SAME).all())
