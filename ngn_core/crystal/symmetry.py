"""Space groups: finding them, and the lattices that come with them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import StructureError


@dataclass(frozen=True)
class SpaceGroup:
    """Operations x -> rotation @ x + translation on fractional coordinates.

    Attributes:
        number: of the International Tables, 1 to 230.
        symbol: Hermann-Mauguin, short.
        rotations: [G, 3, 3], integers.
        translations: [G, 3].
        finder: the program that found it, with its version.
    """

    number: int
    symbol: str
    rotations: np.ndarray
    translations: np.ndarray
    finder: str

    def __len__(self) -> int:
        """Return G."""
        return len(self.rotations)

    def in_basis(self, matrix: np.ndarray) -> SpaceGroup:
        """Return the same operations on another basis of the same lattice.

        Args:
            matrix: [3, 3], unimodular integers; this lattice = matrix @ other lattice.
        """
        change = matrix.T
        inverse = np.rint(np.linalg.inv(change)).astype(np.int64)
        return SpaceGroup(
            self.number,
            self.symbol,
            change @ self.rotations @ inverse,
            self.translations @ matrix,
            self.finder,
        )


@dataclass(frozen=True)
class Symmetry:
    """What the symmetry of a crystal is, in the frame it was given in.

    Attributes:
        group: operations on the crystal's own cell.
        primitive: [3, 3], rows are the vectors of a primitive cell, Å.
        conventional: [3, 3], rows are the vectors of the conventional cell, Å.
    """

    group: SpaceGroup
    primitive: np.ndarray
    conventional: np.ndarray


def trivial_group(finder: str = "none") -> SpaceGroup:
    """Return P1, the group of the identity alone."""
    identity = np.eye(3, dtype=np.int64)[None]
    return SpaceGroup(1, "P1", identity, np.zeros((1, 3)), finder)


def find_space_group(
    crystal: Crystal, symprec: float, angle_tolerance: float = -1.0
) -> SpaceGroup:
    """Return the space group of a crystal, on the crystal's own cell.

    Atoms are equivalent only if their species and all their columns are equal.

    Args:
        crystal: the crystal.
        symprec: how far an image may lie from its atom, Å.
        angle_tolerance: degrees; negative lets the finder choose.

    Raises:
        StructureError: where the finder finds no group.
    """
    return find_symmetry(crystal, symprec, angle_tolerance).group


def find_symmetry(
    crystal: Crystal, symprec: float, angle_tolerance: float = -1.0
) -> Symmetry:
    """Return the space group of a crystal with its primitive and conventional lattice.

    As `find_space_group`; both lattices are in the crystal's frame, never rotated.
    """
    import spglib

    finder = f"spglib {spglib.__version__}"
    cell: Any = (crystal.lattice, crystal.frac, atom_colors(crystal))
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


def generators(group: SpaceGroup) -> np.ndarray:
    """Return a few operations whose products are the group, modulo translations.

    All but the identity where operations differ by a pure translation, that is, on a
    cell that is not primitive.
    """
    size = len(group)
    flat = group.rotations.reshape(size, 9)
    bound = int(np.abs(flat).max())
    digits = (2 * bound + 1) ** np.arange(9)
    keys = (flat + bound) @ digits
    order = np.argsort(keys)
    if len(np.unique(keys)) < size:
        return np.arange(size)[1:]
    products = group.rotations[:, None] @ group.rotations[None]
    product_keys = (products.reshape(size, size, 9) + bound) @ digits
    table = order[np.searchsorted(keys, product_keys, sorter=order)]
    identity = int(
        np.flatnonzero((flat == np.eye(3, dtype=int).ravel()).all(axis=1))[0]
    )
    inside = np.zeros(size, dtype=bool)
    inside[identity] = True
    chosen: list[int] = []
    while not inside.all():
        chosen.append(int(np.flatnonzero(~inside)[0]))
        inside[chosen[-1]] = True
        before = 0
        while before < inside.sum():
            before = inside.sum()
            inside[table[np.ix_(inside, inside)]] = True
    return np.array(chosen, dtype=np.int64)


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
