"""How much room a crystal gives its atoms: volume an atom, and its shortest bond."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from ngn_core.crystal.crystal import Crystal


@dataclass(frozen=True)
class Spacing:
    """Room of the atoms of a crystal.

    Attributes:
        volume: of the cell over its sites, Å^3.
        bond: shortest distance of two atoms, periodic images included, Å.
    """

    volume: float
    bond: float


def measure_spacing(crystal: Crystal) -> Spacing:
    """Return the room of the atoms of a crystal; it does not depend on the cell."""
    return Spacing(crystal.volume / len(crystal.frac), _shortest(crystal))


def _shortest(crystal: Crystal) -> float:
    """Return the shortest distance of two atoms, Å; with numpy alone.

    A trial that trains on packed graphs asks for it, where nothing may be installed
    that finds neighbors. No image is missed: a vector of length r has fractional
    coordinates of at most r over the distance of the lattice planes.
    """
    apart = crystal.frac[:, None] - crystal.frac
    apart -= np.rint(apart)
    length = np.linalg.norm(apart @ crystal.lattice, axis=2)
    np.fill_diagonal(length, np.inf)
    reach = min(length.min(), np.linalg.norm(crystal.lattice, axis=1).min())
    planes = np.linalg.norm(np.linalg.inv(crystal.lattice), axis=0)
    most = np.floor(1.000001 * reach * planes + 0.5).astype(int)
    shifts = np.array(list(product(*(range(-n, n + 1) for n in most))))
    shifts = shifts[shifts.any(axis=1)]
    if not len(shifts):
        return float(reach)
    for from_one in apart:  # [N, 3]
        images = (from_one + shifts[:, None]) @ crystal.lattice
        reach = min(reach, np.linalg.norm(images, axis=2).min(initial=np.inf))
    return float(reach)
