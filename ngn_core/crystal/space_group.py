"""Space groups: their operations, the lattices that come with them, generators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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


def generators(group: SpaceGroup) -> np.ndarray:
    """Return a few operations whose products are the group, modulo translations.

    All but the identity where operations differ by a pure translation, that is, on a
    cell that is not primitive.
    """
    size = len(group)
    # u.W.v is the number whose digits are the entries of W, and one for each matrix
    bound = int(np.abs(group.rotations).max())
    digits = (2 * bound + 1) ** np.arange(9)
    after, before = digits[::3] @ group.rotations, group.rotations @ digits[:3]
    keys = after @ digits[:3]
    order = np.argsort(keys)
    if (np.diff(keys[order]) == 0).any():
        return np.arange(size)[1:]
    table = order[np.searchsorted(keys, after @ before.T, sorter=order)]
    inside = keys == digits[[0, 4, 8]].sum()  # the identity
    chosen: list[int] = []
    while not inside.all():
        chosen.append(int(np.argmin(inside)))
        inside[chosen[-1]] = True
        members = np.zeros(0, dtype=np.int64)
        while len(members) < np.count_nonzero(inside):
            members = np.flatnonzero(inside)
            inside[table[members[:, None], members]] = True
    return np.array(chosen, dtype=np.int64)
