"""Space groups: their operations, the lattices that come with them, generators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ngn_core.crystal.basis import inverse


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
        back = np.rint(inverse(change)).astype(np.int64)
        return SpaceGroup(
            self.number,
            self.symbol,
            change @ self.rotations @ back,
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
    """Return a chain of few operations that generate a group, modulo translations.

    Each one g adds to the group H of those before it the elements H g and H g^2, and no
    others: a point group of a crystal has 2^a or 3 * 2^a operations, so that there is
    a twofold step from one subgroup of 2^b operations to the next, and a threefold step
    from the largest to the whole (Sylow's theorems).

    All but the identity where operations differ by a pure translation, that is, on a
    cell that is not primitive.
    """
    return _chain(group.rotations.astype(np.int64).tobytes(), len(group))


@lru_cache(maxsize=1024)  # a set of crystals has few groups
def _chain(rotations: bytes, size: int) -> np.ndarray:
    matrices = np.frombuffer(rotations, dtype=np.int64).reshape(size, 3, 3)
    # u.W.v is the number whose digits are the entries of W, and one for each matrix
    bound = int(np.abs(matrices).max())
    digits = (2 * bound + 1) ** np.arange(9)
    after, before = digits[::3] @ matrices, matrices @ digits[:3]
    keys = after @ digits[:3]
    order = np.argsort(keys)
    if (np.diff(keys[order]) == 0).any():
        return np.arange(size)[1:]
    table = order[np.searchsorted(keys, after @ before.T, sorter=order)]
    square = table.diagonal()
    threefold = square[square] == np.arange(size)
    inside = keys == digits[[0, 4, 8]].sum()  # the identity
    chosen: list[int] = []
    while not inside.all():
        members = np.flatnonzero(inside)
        same = np.sort(table[:, members], axis=1) == np.sort(table[members].T, axis=1)
        twofold = inside[square] & same.all(axis=1)
        step = int(np.argmax(np.where(inside, -1, 2 * twofold + threefold)))
        chosen.append(step)
        inside[table[members, step]] = True
        inside[table[members, square[step]]] = True
    operations = np.array(chosen, dtype=np.int64)
    operations.flags.writeable = False  # one array for all who ask
    return operations
