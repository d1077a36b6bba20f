"""Neighbors of atoms within a radius, periodic images included."""

from __future__ import annotations

import numpy as np

from ngn_core.crystal.crystal import Crystal

SAME_PLACE = 1e-8
"""Lengths that differ by less, Å, are taken for equal: rounding, not physics."""


def neighbors_within(
    crystal: Crystal, radius: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return all pairs of an atom and a periodic image with length <= radius.

    An atom's own images count, the atom itself does not. A shell whose length is the
    radius but for rounding (1e-8 Å) is inside.

    Args:
        crystal: any cell: skewed, left-handed, flat; `frac` may leave [0, 1).
        radius: Å.

    Returns:
        sender [E], receiver [E], cell_shift [E, 3] of the sender, relative to the
        stored `frac`, and length [E], Å; sorted by receiver.
    """
    from pymatgen.optimization.neighbors import find_points_in_spheres

    lattice = np.ascontiguousarray(crystal.lattice, dtype=np.float64)
    home = np.floor(crystal.frac)
    frac = crystal.frac - home
    points = np.ascontiguousarray(frac @ lattice)
    receiver, sender, shift, _ = find_points_in_spheres(
        points,
        points,
        r=radius + 10 * SAME_PLACE,
        pbc=np.ones(3, dtype=np.int64),
        lattice=lattice,
        tol=SAME_PLACE,
    )
    shift = np.rint(shift - home[sender] + home[receiver]).astype(np.int64)
    length = np.linalg.norm(crystal.vectors(sender, receiver, shift), axis=1)
    itself = (sender == receiver) & ~shift.any(axis=1)
    order = np.flatnonzero(~itself & (length <= radius + SAME_PLACE))
    order = order[np.argsort(receiver[order], kind="stable")]
    return sender[order], receiver[order], shift[order], length[order]
