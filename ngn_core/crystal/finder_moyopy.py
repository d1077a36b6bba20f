"""Space groups found by moyopy, from spglib's author, several times faster."""

from __future__ import annotations

import logging
from functools import cache
from itertools import chain
from math import isclose, radians

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.space_group import SpaceGroup, Symmetry


def ask_moyopy(
    crystal: Crystal, colors: np.ndarray, symprec: float, angle_tolerance: float
) -> Symmetry | None:
    """Return the symmetry that moyopy finds.

    Where the group is not clear at `symprec`, moyopy tries others by itself. What it
    finds then may have fewer operations than spglib finds, or atoms farther off, and is
    not taken.

    Args:
        crystal: the crystal.
        colors: [N], equal where atoms may be equivalent.
        symprec: Å.
        angle_tolerance: degrees; negative lets moyopy choose.

    Returns:
        The symmetry, or None where it finds none at this very symprec.
    """
    import moyopy

    _hush()
    cell = moyopy.Cell(crystal.lattice.tolist(), crystal.frac.tolist(), colors.tolist())
    angle = radians(angle_tolerance) if angle_tolerance >= 0 else None
    try:
        found = moyopy.MoyoDataset(
            cell, symprec=symprec, angle_tolerance=angle, rotate_basis=False
        )
    except ValueError:  # its word for every failure
        return None
    if not isclose(found.symprec, symprec, rel_tol=1e-9):
        return None
    operations = found.operations
    rotations = chain.from_iterable(chain.from_iterable(operations.rotations))
    group = SpaceGroup(
        found.number,
        _symbol(found.number),
        np.fromiter(rotations, dtype=np.int64).reshape(-1, 3, 3),
        np.array(operations.translations, dtype=np.float64),
        f"moyopy {moyopy.__version__}",
    )
    # columns: standardized = given @ linear, hence rows by the transpose
    primitive = np.array(found.prim_std_linear).T @ crystal.lattice
    conventional = np.array(found.std_linear).T @ crystal.lattice
    return Symmetry(group, primitive, conventional)


@cache
def _symbol(number: int) -> str:
    """Return the short Hermann-Mauguin symbol of a space group, as spglib writes it."""
    from moyopy import SpaceGroupType

    return SpaceGroupType(number).hm_short.replace(" ", "")


@cache
def _hush() -> None:
    """Keep what moyopy logs off the terminal, where nobody asked for logs."""
    logging.getLogger("moyo").addHandler(logging.NullHandler())
