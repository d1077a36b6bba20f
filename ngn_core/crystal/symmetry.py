"""Finding the space group of a crystal."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.finder_moyopy import ask_moyopy
from ngn_core.crystal.finder_spglib import ask_spglib
from ngn_core.crystal.space_group import SpaceGroup, Symmetry

FinderName = Literal["moyopy", "spglib"]

SAME_VALUE = 1.0e-3
"""Numbers of a site column nearer than this, in its unit, do not tell atoms apart."""


def find_space_group(
    crystal: Crystal,
    symprec: float,
    angle_tolerance: float = -1.0,
    finder: FinderName = "moyopy",
) -> SpaceGroup:
    """Return the space group of a crystal, on the crystal's own cell.

    Atoms are equivalent only if their species and all their columns are equal.

    Args:
        crystal: the crystal.
        symprec: how far an image may lie from its atom, Å.
        angle_tolerance: degrees; negative lets the finder choose.
        finder: `moyopy` is the faster one; where it fails, or settles for another
            symprec than the one that was asked for, `spglib` decides. The group says
            which one found it.

    Raises:
        StructureError: where no finder finds a group.
    """
    return find_symmetry(crystal, symprec, angle_tolerance, finder).group


def find_symmetry(
    crystal: Crystal,
    symprec: float,
    angle_tolerance: float = -1.0,
    finder: FinderName = "moyopy",
) -> Symmetry:
    """Return the space group of a crystal with its primitive and conventional lattice.

    As `find_space_group`; both lattices are in the crystal's frame, never rotated.
    """
    colors = atom_colors(crystal)
    if finder == "moyopy":
        found = ask_moyopy(crystal, colors, symprec, angle_tolerance)
        if found is not None:
            return found
    return ask_spglib(crystal, colors, symprec, angle_tolerance)


def atom_colors(crystal: Crystal) -> np.ndarray:
    """Return one integer an atom, [N], equal where species and columns are equal.

    Species are equal with all their weights. Whole numbers of a column are equal or
    not. Real ones are sorted, and where one follows another by more than `SAME_VALUE`
    a new color begins: a chain of near values is one color however long it is, so that
    what equals one and the same also equals each other.
    """
    kinds = {
        species: kind for kind, species in enumerate(dict.fromkeys(crystal.species))
    }
    colors = np.array([kinds[species] for species in crystal.species], dtype=np.int64)
    for column in crystal.columns.values():
        for values in np.asarray(column).reshape(len(colors), -1).T:
            pairs = np.stack([colors, _classes(values)], axis=1)
            colors = np.unique(pairs, axis=0, return_inverse=True)[1].ravel()
    return colors + 1


def _classes(values: np.ndarray) -> np.ndarray:
    """Return one integer a value, [N], equal where values are the same."""
    order = np.argsort(values)
    apart = SAME_VALUE if values.dtype.kind == "f" else 0
    begins = np.diff(values[order].astype(np.float64)) > apart
    found = np.empty(len(values), dtype=np.int64)
    found[order] = np.concatenate([[0], np.cumsum(begins)])
    return found
