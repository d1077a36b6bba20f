"""Finding the space group of a crystal."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.finder_moyopy import ask_moyopy
from ngn_core.crystal.finder_spglib import ask_spglib
from ngn_core.crystal.space_group import SpaceGroup, Symmetry

FinderName = Literal["moyopy", "spglib"]


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
    """Return one integer an atom, [N], equal where species and columns are equal."""
    kinds = {
        species: kind for kind, species in enumerate(dict.fromkeys(crystal.species))
    }
    colors = np.array([kinds[species] for species in crystal.species], dtype=np.int64)
    for column in crystal.columns.values():
        rows = np.asarray(column).reshape(len(colors), -1)
        _, value = np.unique(rows, axis=0, return_inverse=True)
        pairs = np.stack([colors, value.ravel()], axis=1)
        _, color = np.unique(pairs, axis=0, return_inverse=True)
        colors = color.ravel()
    return colors + 1
