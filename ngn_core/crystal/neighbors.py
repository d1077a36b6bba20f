"""Neighbors of atoms within a radius, periodic images included."""

from __future__ import annotations

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
    from pymatgen.optimization.neighbors import find_points_in_spheres

    lattice = np.ascontiguousarray(crystal.lattice, dtype=np.float64)
    home = np.floor(crystal.frac)
    points = centers = (crystal.frac - home) @ lattice
    homes = home
    if around is not None:
        place = around @ np.linalg.inv(lattice)
        homes = np.floor(place)
        centers = (place - homes) @ lattice
    receiver, sender, image, length = find_points_in_spheres(
        points,
        centers,
        r=max(radius, COARSE) + 10 * SAME_PLACE,
        pbc=_PERIODIC,
        lattice=lattice,
        tol=SAME_PLACE,
    )  # sorted by receiver
    near = length <= radius + SAME_PLACE
    if around is None:
        apart = length > SAME_PLACE
        if len(length) - np.count_nonzero(apart) > len(points):  # atoms on atoms
            apart = (sender != receiver) | image.any(axis=1)
        near &= apart
    kept = near.nonzero()[0]
    sender, receiver = sender.take(kept), receiver.take(kept)
    shift = image.take(kept, axis=0)
    if np.count_nonzero(home) or np.count_nonzero(homes):
        shift += homes.take(receiver, axis=0) - home.take(sender, axis=0)
    return sender, receiver, shift.astype(np.int64), length.take(kept)
