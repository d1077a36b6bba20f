"""Cells of a crystal: the primitive one, and how it tiles the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ngn_core.crystal.basis import determinant, inverse
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.incidence import ravel
from ngn_core.crystal.symmetry import FinderName, atom_colors, find_symmetry
from ngn_core.crystal.torus import periodic_tree
from ngn_core.errors import StructureError

_SAME = np.eye(3, dtype=np.int64)

CellName = Literal["given", "primitive", "conventional"]


@dataclass(frozen=True)
class Supercell:
    """How translates of the atoms of a primitive cell fill another cell.

    Attributes:
        matrix: [3, 3], integers; lattice of the cell = matrix @ primitive lattice.
        atom: [N], the primitive cell's atom that each atom of the cell is.
        cell_shift: [N, 3], by how many primitive vectors it is translated.
    """

    matrix: np.ndarray
    atom: np.ndarray
    cell_shift: np.ndarray

    @property
    def copies(self) -> int:
        """Return how many primitive cells fill the cell."""
        return abs(round(determinant(self.matrix)))

    def residues(self, cell_shift: np.ndarray) -> np.ndarray:
        """Return one int64 a translation, [...], equal for translates by the cell."""
        copies = self.copies
        cofactors = np.rint(np.linalg.inv(self.matrix) * copies).astype(np.int64)
        digits = (cell_shift @ cofactors) % copies
        return ravel(list(np.moveaxis(digits, -1, 0)), (copies, copies))

    def cells(self, cell_shift: np.ndarray) -> np.ndarray:
        """Return multiples of the primitive vectors as multiples of the cell's."""
        multiples: np.ndarray = np.rint(cell_shift @ np.linalg.inv(self.matrix))
        return multiples.astype(np.int64)

    def fill(self, primitive: Crystal) -> Crystal:
        """Return the crystal in the tiled cell, in the frame of the primitive one."""
        frac = (primitive.frac[self.atom] + self.cell_shift) @ np.linalg.inv(
            self.matrix
        )
        return Crystal(
            self.matrix @ primitive.lattice,
            frac,
            tuple(primitive.species[atom] for atom in self.atom),
            {name: column[self.atom] for name, column in primitive.columns.items()},
        )


def choose_cell(
    crystal: Crystal,
    cell: CellName,
    symprec: float,
    angle_tolerance: float = -1.0,
    finder: FinderName = "moyopy",
) -> Crystal:
    """Return a crystal in another cell; the frame is never rotated.

    Args:
        crystal: the crystal as given.
        cell: which cell.
        symprec: Å.
        angle_tolerance: degrees; negative lets the finder choose.
        finder: which finds the group, see `find_space_group`.

    Raises:
        StructureError: where no group is found.
    """
    if cell == "given":
        return crystal
    symmetry = find_symmetry(crystal, symprec, angle_tolerance, finder)
    primitive, _ = reduce_to(crystal, symmetry.primitive)
    if cell == "primitive":
        return primitive
    return supercell_of(primitive, symmetry.conventional).fill(primitive)


def reduce_to(crystal: Crystal, lattice: np.ndarray) -> tuple[Crystal, Supercell]:
    """Return a crystal in a primitive cell, and how that tiles the cell as given.

    Atoms that are translates of each other become one, at their mean place and with
    the mean of the real numbers in their columns; their species are equal.

    Args:
        crystal: the crystal as given.
        lattice: [3, 3], of a primitive cell, Å; made to fit the given one exactly.

    Raises:
        StructureError: where the atoms are not translates by this lattice.
    """
    matrix = np.rint(crystal.lattice @ inverse(lattice)).astype(np.int64)
    lattice = np.linalg.solve(matrix, crystal.lattice)
    frac = crystal.frac @ matrix
    atoms = len(frac)
    first = label = np.arange(atoms)
    copies = abs(round(determinant(matrix)))
    shift = np.zeros((atoms, 3), dtype=np.int64)
    if copies > 1:
        tree = periodic_tree(frac, atom_colors(crystal))
        _, near = tree.query(tree.data, k=copies)
        first, label, count = np.unique(
            near.min(axis=1), return_inverse=True, return_counts=True
        )
        if not (count == copies).all() or not (near[first].min(axis=1) == first).all():
            raise StructureError(
                f"the primitive cell is {copies} times smaller than the given one, but "
                "its translations do not map the atoms on each other: try a smaller "
                "symprec"
            )
        shift = np.rint(frac - frac[first][label]).astype(np.int64)

    def reduced(column: np.ndarray) -> np.ndarray:
        if column.dtype.kind != "f":
            return column[first]
        if copies == 1:
            return column.astype(np.float64)
        total = np.zeros((len(first), *column.shape[1:]))
        np.add.at(total, label, column)
        return total / copies

    primitive = Crystal(
        lattice,
        reduced(frac - shift),
        tuple(crystal.species[atom] for atom in first.tolist()),
        {name: reduced(np.asarray(rows)) for name, rows in crystal.columns.items()},
    )
    return primitive, Supercell(matrix, label, shift)


def identity_supercell(crystal: Crystal) -> Supercell:
    """Return the tiling of a cell by itself."""
    atoms = len(crystal.frac)
    nowhere = np.zeros((atoms, 3), dtype=np.int64)
    return Supercell(_SAME, np.arange(atoms), nowhere)


def supercell_of(primitive: Crystal, lattice: np.ndarray) -> Supercell:
    """Return how a primitive cell tiles a larger one.

    Args:
        primitive: the crystal in a primitive cell.
        lattice: [3, 3], of the larger cell, Å, in the same frame.
    """
    matrix = np.rint(lattice @ np.linalg.inv(primitive.lattice)).astype(np.int64)
    nothing = np.zeros((0, 3), dtype=np.int64)
    supercell = Supercell(matrix, np.zeros(0, dtype=np.int64), nothing)
    low = np.minimum(matrix, 0).sum(axis=0)
    high = np.maximum(matrix, 0).sum(axis=0)
    axes = [np.arange(first, last + 1) for first, last in zip(low, high, strict=True)]
    box = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    _, chosen = np.unique(supercell.residues(box), return_index=True)
    atoms = len(primitive.frac)
    return replace(
        supercell,
        atom=np.tile(np.arange(atoms), len(chosen)),
        cell_shift=np.repeat(box[chosen], atoms, axis=0),
    )
