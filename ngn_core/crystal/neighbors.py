"""Neighbors of atoms, periodic images included: within a radius, or the nearest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import pi
from typing import Any, NamedTuple

import numpy as np

from ngn_core.crystal.crystal import Crystal

SAME_PLACE = 1e-8
"""Lengths that differ by less, Å, are taken for equal: rounding, not physics."""

COARSE = 2.0
"""Radius, Å, below which a search by a finer grid costs more than it saves."""

_PERIODIC = np.ones(3, dtype=np.int64)


def neighbors_within(
    crystal: Crystal, radius: float, around: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return all pairs of an atom and a periodic image with length <= radius.

    An atom's own images count, the atom itself does not. A shell whose length is the
    radius but for rounding (1e-8 Å) is inside.

    Args:
        crystal: any cell: skewed, left-handed, flat; `frac` may leave [0, 1).
        radius: Å.
        around: [P, 3], Å; points to take as receivers, in place of the atoms. An atom
            on a point counts.

    Returns:
        sender [E], receiver [E], cell_shift [E, 3] of the sender, relative to the
        stored `frac`, and length [E], Å; sorted by receiver.
    """
    found = _search(crystal, radius, around)
    near = found.length <= radius + SAME_PLACE
    if around is None:
        near &= found.others()
    kept = near.nonzero()[0]
    return *found.rows(kept), found.length.take(kept)


def nearest_neighbors(
    crystal: Crystal, count: int, tolerance: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all pairs of an atom and an image that is one of its nearest.

    Args:
        crystal: any cell, as in `neighbors_within`.
        count: how many images are nearest, from 1.
        tolerance: Å; images farther than the last of them by no more count, too.

    Returns:
        sender [E], receiver [E] and cell_shift [E, 3] as `neighbors_within` has them.
    """
    atoms = len(crystal.frac)
    volume = crystal.volume * (count + 1) / atoms
    reach = 1.15 * (3 * volume / (4 * pi)) ** (1 / 3) + tolerance
    while True:
        found = _search(crystal, reach)
        degree = np.bincount(found.receiver, minlength=atoms)
        limit = _smallest(found.length, degree, count) + tolerance
        if max(limit.tolist()) <= reach:
            break
        reach *= 1.5
    near = found.length <= limit.take(found.receiver)
    near &= found.others()
    return found.rows(near.nonzero()[0])


class _Found(NamedTuple):
    """Pairs that a search found, each atom with itself among them, sorted by receiver.

    Attributes:
        receiver: [E].
        sender: [E].
        image: [E, 3], cell of the sender seen from the receiver's, both cells' own.
        length: [E], Å.
        homes: [P, 3], the receivers' cells.
        home: [N, 3], the senders'.
    """

    receiver: np.ndarray
    sender: np.ndarray
    image: np.ndarray
    length: np.ndarray
    homes: np.ndarray
    home: np.ndarray

    def others(self) -> np.ndarray:
        """Return whether a pair is not an atom with itself, [E]."""
        apart = self.length > SAME_PLACE
        if len(apart) - np.count_nonzero(apart) > len(self.home):  # atoms on atoms
            apart = (self.sender != self.receiver) | self.image.any(axis=1)
        return apart

    def rows(self, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return sender, receiver, and cell_shift relative to the stored `frac`."""
        sender, receiver = self.sender.take(kept), self.receiver.take(kept)
        shift = self.image.take(kept, axis=0)
        if np.count_nonzero(self.homes) or np.count_nonzero(self.home):
            shift += self.homes.take(receiver, axis=0)
            shift -= self.home.take(sender, axis=0)
        return sender, receiver, shift.astype(np.int64)


def _search(
    crystal: Crystal, radius: float, around: np.ndarray | None = None
) -> _Found:
    """Return all pairs with length <= radius, and some that are longer."""
    lattice = np.ascontiguousarray(crystal.lattice, dtype=np.float64)
    home = homes = np.floor(crystal.frac)
    points = centers = (crystal.frac - home) @ lattice
    if around is not None:
        place = around @ np.linalg.inv(lattice)
        homes = np.floor(place)
        centers = (place - homes) @ lattice
    receiver, sender, image, length = _finder()(
        points,
        centers,
        r=max(radius, COARSE) + 10 * SAME_PLACE,
        pbc=_PERIODIC,
        lattice=lattice,
        tol=SAME_PLACE,
    )
    return _Found(receiver, sender, image, length, homes, home)


@cache
def _finder() -> Callable[..., Any]:
    from pymatgen.optimization.neighbors import find_points_in_spheres

    finder: Callable[..., Any] = find_points_in_spheres
    return finder


def _smallest(length: np.ndarray, degree: np.ndarray, count: int) -> np.ndarray:
    """Return the length of each receiver's last of `count` neighbors, [N], Å.

    It is infinite where there are fewer.

    Args:
        length: [E], Å, sorted by receiver, of each atom with itself, too.
        degree: [N], how many lengths each receiver has.
        count: from 1.
    """
    width = max(count + 1, *degree.tolist())
    rows = np.empty((len(degree), width))
    rows.fill(np.inf)
    rows[np.arange(width) < degree[:, None]] = length
    rows.partition(count, axis=1)
    last: np.ndarray = rows[:, count]
    return last
