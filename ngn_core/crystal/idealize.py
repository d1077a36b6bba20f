"""Averaging a crystal over its space group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ngn_core.crystal.action import Action, act_on_atoms
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.space_group import SpaceGroup


def idealize(
    crystal: Crystal, group: SpaceGroup, action: Action | None = None
) -> tuple[Crystal, float, float]:
    """Return a crystal averaged over its group, positions and lattice, never rotated.

    The metric G = L L^T becomes the mean of W^T G W; the lattice becomes L F, with F
    symmetric positive definite and F^2 = L^-1 G' L^-T. Each position becomes the mean
    of the images that fall on it.

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
    source = np.argsort(action.image, axis=1)  # which atom each one is the image of
    frac = np.take_along_axis(moved, source[:, :, None], axis=1).mean(axis=0)

    metric = crystal.lattice @ crystal.lattice.T
    rotations = group.rotations
    metric = (rotations.transpose(0, 2, 1) @ metric @ rotations).mean(axis=0)
    inverse = np.linalg.inv(crystal.lattice)
    squares, axes = np.linalg.eigh(inverse @ metric @ inverse.T)
    stretch = (axes * np.sqrt(squares)) @ axes.T
    lattice = crystal.lattice @ stretch

    shift = np.linalg.norm((frac - crystal.frac) @ lattice, axis=1).max()
    strain = np.abs(stretch - np.eye(3)).max()
    return replace(crystal, lattice=lattice, frac=frac), float(shift), float(strain)
