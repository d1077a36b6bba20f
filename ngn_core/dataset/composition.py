"""What crystals are made of, as numbers of atoms of the cell as given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import SYMBOLS
from ngn_core.errors import DatasetError

ELEMENTS = len(SYMBOLS)
_LISTED = 10


def atom_counts(crystals: Sequence[Crystal]) -> np.ndarray:
    """Return the atoms of each element in the given cell, [B, elements].

    The column is the atomic number less one; shared sites count by their weights.
    """
    counts = np.zeros((len(crystals), ELEMENTS))
    for row, crystal in zip(counts, crystals, strict=True):
        for site in crystal.species:
            for number, weight in site:
                row[number - 1] += weight
    return counts


def formula_sizes(counts: np.ndarray) -> np.ndarray:
    """Return the atoms of a formula unit, [B], from atom counts, [B, elements].

    That is the number of atoms over the greatest common divisor of the counts; NaN
    where a count is no whole number, as in disordered crystals.
    """
    whole = np.rint(counts).astype(np.int64)
    units = np.gcd.reduce(whole, axis=1)
    sizes: np.ndarray = counts.sum(axis=1) / np.maximum(units, 1)
    fits = np.isclose(counts, whole, atol=1e-6).all(axis=1) & (units > 0)
    return np.where(fits, sizes, np.nan)


def check_formula_units(
    name: str, ids: Sequence[str], crystals: Sequence[Crystal]
) -> None:
    """Check that every crystal has a formula unit, for values counted by it.

    Raises:
        DatasetError: naming those of which a site is partly occupied or shared.
    """
    sizes = formula_sizes(atom_counts(crystals))
    without = [ids[place] for place in np.flatnonzero(np.isnan(sizes)).tolist()]
    if without:
        listed = ", ".join(without[:_LISTED])
        more = f" and {len(without) - _LISTED:,} more" if len(without) > _LISTED else ""
        raise DatasetError(
            f"{name}: values per formula_unit need whole numbers of atoms, and "
            f"{len(without):,} of {len(ids):,} crystals have partly occupied or shared "
            f"sites; leave them out with --on-disorder skip, or give values per atom "
            f"or per cell: {listed}{more}"
        )
