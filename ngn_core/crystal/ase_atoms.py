"""Crystals from ASE atoms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays
from ngn_core.errors import StructureError

if TYPE_CHECKING:
    from ase import Atoms

_NAMES = {
    "initial_magmoms": "magmom",
    "magmoms": "magmom",
    "initial_charges": "charge",
    "charges": "charge",
}
_ALWAYS = ("numbers", "positions")
_OF_THE_CELL = ("stress", "dipole", "polarization")


def from_ase(atoms: Atoms) -> Crystal:
    """Return the crystal of ASE atoms; periodic in all three directions.

    Numeric arrays of the atoms are its columns, and what a calculator found for each
    atom stands over them: `magmom` and `charge` (found, else initial), `forces` ...

    Raises:
        StructureError: where a direction is not periodic or an atom is no element.
    """
    if not atoms.pbc.all():
        raise StructureError(
            f"the atoms have pbc {atoms.pbc.tolist()}; a crystal is periodic in all "
            "three directions"
        )
    lattice = np.asarray(atoms.cell.array)
    if abs(np.linalg.det(lattice)) == 0.0:
        raise StructureError("the atoms have a cell without volume")
    frac = atoms.positions @ np.linalg.inv(lattice)
    return from_arrays(lattice, list(atoms.symbols), frac, ase_columns(atoms))


def ase_columns(atoms: Atoms) -> dict[str, np.ndarray]:
    """Return the columns of ASE atoms, each [N, ...], without missing numbers."""
    found = {} if atoms.calc is None else getattr(atoms.calc, "results", {})
    results = {
        name: np.asarray(values)
        for name, values in found.items()
        if np.shape(values)[:1] == (len(atoms),) and name not in _OF_THE_CELL
    }
    return {
        _NAMES.get(name, name): values
        for name, values in {**atoms.arrays, **results}.items()
        if name not in _ALWAYS
        and values.dtype.kind in "biuf"
        and np.isfinite(values).all()
    }
