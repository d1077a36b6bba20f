"""The seven crystal systems."""

from __future__ import annotations

from bisect import bisect_left

SYSTEMS = (
    "triclinic",
    "monoclinic",
    "orthorhombic",
    "tetragonal",
    "trigonal",
    "hexagonal",
    "cubic",
)
_LAST = (2, 15, 74, 142, 167, 194, 230)
"""Number of the last space group of each crystal system."""


def crystal_system(number: int) -> str:
    """Return the crystal system of a space group.

    Args:
        number: of the International Tables, 1 to 230.
    """
    return SYSTEMS[bisect_left(_LAST, number)]
