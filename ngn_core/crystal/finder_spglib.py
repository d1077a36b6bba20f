"""Space groups found by spglib."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.space_group import SpaceGroup, Symmetry
from ngn_core.errors import StructureError


def ask_spglib(
    crystal: Crystal, colors: np.ndarray, symprec: float, angle_tolerance: float
) -> Symmetry:
    """Return the symmetry that spglib finds.

    Args:
        crystal: the crystal.
        colors: [N], equal where atoms may be equivalent.
        symprec: Å.
        angle_tolerance: degrees; negative lets spglib choose.

    Raises:
        StructureError: where it finds none.
    """
    import spglib

    finder = f"spglib {spglib.__version__}"
    cell: Any = (crystal.lattice, crystal.frac, colors)
    refusal = getattr(spglib, "SpglibError", RuntimeError)  # raised from 2.7 on, if set
    reason = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of its error handling
            found = spglib.get_symmetry_dataset(
                cell, symprec=symprec, angle_tolerance=angle_tolerance
            )
    except refusal as error:
        found, reason = None, f" ({error})"
    if found is None:
        raise StructureError(
            f"{finder} found no space group at symprec {symprec:g} Å, angle tolerance "
            f"{angle_tolerance:g}{reason}; try another symprec, or say "
            "on_symmetry_failure: p1"
        )
    group = SpaceGroup(
        int(found.number),
        str(found.international),
        np.asarray(found.rotations, dtype=np.int64),
        np.asarray(found.translations, dtype=np.float64),
        finder,
    )
    # columns: given = conventional @ transformation, hence rows by the transpose
    conventional = np.linalg.solve(found.transformation_matrix.T, crystal.lattice)
    return Symmetry(group, np.asarray(found.primitive_lattice), conventional)
