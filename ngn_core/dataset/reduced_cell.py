"""Structures in their reduced primitive cells, and what bounds their matches."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

LENGTHS, SITES, ANGLES = 0.2, 0.3, 5.0
"""Tolerances of a match: of lattice lengths, of sites in units of the cube root of the
volume an atom, and of lattice angles in degrees; pymatgen's defaults."""

_SHARES = 1e-6
"""Shares of elements that differ by more are different compositions; pymatgen allows
1e-8."""
_ROUNDING = 1e-6


class ReducedCell:
    """A structure in its reduced primitive cell, and what bounds its matches."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.sites = len(structure)
        matrix = structure.lattice.matrix / structure.volume ** (1 / 3)
        self.lengths = np.sort(np.linalg.norm(matrix, axis=1))
        self.minima = _minima(matrix)
        composition = structure.composition.fractional_composition
        self.shares = {element.Z: share for element, share in composition.items()}


def reduced_cell(crystal: Crystal) -> ReducedCell:
    """Return the crystal as StructureMatcher itself reduces it."""
    from pymatgen.core.structure import Structure

    species = [
        {symbol_of(z): weight for z, weight in species} for species in crystal.species
    ]
    structure = Structure(crystal.lattice, species, crystal.frac)
    structure = structure.get_reduced_structure("niggli")
    return ReducedCell(structure.get_primitive_structure())


def _minima(matrix: np.ndarray) -> np.ndarray:
    """Return the lengths of the shortest independent lattice vectors, [3].

    Never too short; a vector that is missed in a cell that is not reduced would make
    one too long.
    """
    steps = np.array(list(itertools.product(range(-2, 3), repeat=3)))
    vectors = steps @ matrix
    order = np.argsort(np.linalg.norm(vectors, axis=1), kind="stable")[1:]
    chosen: list[int] = []
    for place in order:
        if np.linalg.matrix_rank(steps[[*chosen, place]]) > len(chosen):
            chosen.append(int(place))
        if len(chosen) == 3:
            break
    minima: np.ndarray = np.linalg.norm(vectors[chosen], axis=1)
    return minima


def comparable(a: ReducedCell, b: ReducedCell) -> bool:
    """Return whether composition and number of sites allow a match."""
    return (
        a.sites == b.sites
        and a.shares.keys() == b.shares.keys()
        and all(abs(a.shares[z] - b.shares[z]) <= _SHARES for z in a.shares)
    )


def mappable(a: ReducedCell, b: ReducedCell) -> bool:
    """Return whether vectors of a's lattice can be like the lattice vectors of b.

    A match needs three independent vectors of a, each as long as one of b's lattice
    vectors up to the tolerance, at one volume. None of them is shorter than the
    shortest vector of a, nor are two or three of them than its second and third
    minimum.
    """
    longest = b.lengths * (1.0 + LENGTHS) * (1.0 + _ROUNDING)
    return bool((a.minima <= longest).all())
