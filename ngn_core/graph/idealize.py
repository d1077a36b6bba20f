"""Averaging a crystal over its space group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.lengths import lengths
from ngn_core.crystal.space_group import SpaceGroup
from ngn_core.graph.action import Action, act_on_atoms

_IDENTITY = np.eye(3)


def idealize(
    crystal: Crystal, group: SpaceGroup, action: Action | None = None
) -> tuple[Crystal, float, float]:
    """Return a crystal averaged over its group, never rotated: positions and lattice.

    The metric G = L L^T becomes the mean of W^T G W; the lattice becomes L F, with F
    symmetric positive definite and F^2 = L^-1 G' L^-T. Each position becomes the mean
    of the images that fall on it, and so does each real number of its columns, which
    may differ a little between equal atoms (see `atom_colors`).

    Args:
        crystal: the crystal.
        group: operations on the crystal's cell.
        action: of the group on the atoms; found where not given.

    Returns:
        The crystal, the largest shift of an atom (Å) at fixed lattice, and the strain,
        the largest entry of |F - 1|.

    Raises:
        StructureError: where an operation does not map the crystal on itself.
    """
    if action is None:
        action = act_on_atoms(crystal, group)
    moved = crystal.frac @ group.rotations.transpose(0, 2, 1)
    moved += group.translations[:, None]
    moved -= action.cell_shift
    component = action.image[:, :, None] * 3 + np.arange(3)
    total = np.bincount(component.ravel(), moved.ravel(), crystal.frac.size)
    frac = total.reshape(-1, 3) / len(group)

    metric = crystal.lattice @ crystal.lattice.T
    rotations = group.rotations
    metric = (rotations.transpose(0, 2, 1) @ metric @ rotations).sum(axis=0)
    inverse = np.linalg.inv(crystal.lattice)
    squares, axes = np.linalg.eigh(inverse @ (metric / len(group)) @ inverse.T)
    stretch = (axes * np.sqrt(squares)) @ axes.T
    lattice = crystal.lattice @ stretch

    shift = lengths((frac - crystal.frac) @ lattice).max()
    strain = np.abs(stretch - _IDENTITY).max()
    columns = {
        name: _mean(np.asarray(column), action)
        for name, column in crystal.columns.items()
    }
    ideal = replace(crystal, lattice=lattice, frac=frac, columns=columns)
    return ideal, float(shift), float(strain)


def _mean(column: np.ndarray, action: Action) -> np.ndarray:
    """Return a column of real numbers averaged over what falls on each atom."""
    if column.dtype.kind != "f":
        return column
    source = np.argsort(action.image, axis=1)  # which atom each one is the image of
    averaged: np.ndarray = column[source].mean(axis=0)
    return averaged
