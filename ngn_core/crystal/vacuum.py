"""Vacuum: layers of a crystal without atoms, and making them thinner."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.neighbors import SAME_PLACE
from ngn_core.errors import StructureError


def close_vacuum(crystal: Crystal, widest: float) -> tuple[Crystal, float]:
    """Return a crystal whose empty layers are at most `widest` thick.

    A layer lies between two parallel lattice planes (h k l). Its thickness is measured
    along their normal, from atom center to atom center: the atoms are projected on the
    normal, and a gap is the distance of two neighboring projections. That covers slabs,
    rods and molecules in a box, and does not depend on the cell. The widest gap comes
    first; all gaps of its planes are set to `widest` by moving what lies above them
    down along the normal, and this is repeated until no gap is wider. Atoms with no
    such gap between them keep their vectors; lattice vectors within the planes stay.

    Args:
        crystal: the crystal.
        widest: Å.

    Returns:
        The crystal, and by how much the planes came closer in all, Å.

    Raises:
        StructureError: where the cell is so large that its planes are too many.
    """
    removed = 0.0
    while True:
        planes = _planes(crystal.lattice, widest)
        found = [_layers(crystal, plane) for plane in planes]
        widths = [float(gap.max()) for _, _, gap in found]
        if not widths or max(widths) <= widest + SAME_PLACE:
            return crystal, removed
        # of equal gaps the one of the farthest planes, then of the first
        best = int(np.argmax(np.round(widths, 6)))
        crystal, less = _close(crystal, planes[best], *found[best], widest)
        removed += less


def _planes(lattice: np.ndarray, apart: float) -> np.ndarray:
    """Return Miller indices, [P, 3], of all planes farther apart than `apart`, Å.

    Sorted by distance, the farthest first; of (h k l) and -(h k l) there is one.
    """
    reciprocal = np.linalg.inv(lattice).T
    reach = np.floor(np.linalg.norm(lattice, axis=1) / apart).astype(int)
    count = int(np.prod(2.0 * reach + 1))
    if count > 10**7:
        raise StructureError(
            f"the cell has {count} lattice planes that may hold vacuum; write vacuum: "
            "given"
        )
    box = [range(-int(most), int(most) + 1) for most in reach]
    indices = np.array(list(itertools.product(*box)), dtype=np.int64)
    indices = indices[len(indices) // 2 + 1 :]  # half of them, without (0 0 0)
    spacing = 1 / np.linalg.norm(indices @ reciprocal, axis=1)
    kept = (spacing > apart) & (np.gcd.reduce(indices, axis=1) == 1)
    indices, spacing = indices[kept], spacing[kept]
    farthest_first = np.argsort(-np.round(spacing, 6), kind="stable")
    ordered: np.ndarray = indices[farthest_first]
    return ordered


def _layers(
    crystal: Crystal, plane: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the atoms from one plane to the next, and the gaps above them.

    Returns:
        height [N], of each atom in planes; order [N], by height above the last plane;
        gap [N], above each of the ordered atoms, Å.
    """
    height = crystal.frac @ plane
    within = height - np.floor(height)
    order = np.argsort(within, kind="stable")
    levels = within[order]
    gap = np.diff(levels, append=levels[0] + 1)
    normal = np.linalg.inv(crystal.lattice) @ plane
    return height, order, gap / np.linalg.norm(normal)


def _close(
    crystal: Crystal,
    plane: np.ndarray,
    height: np.ndarray,
    order: np.ndarray,
    gap: np.ndarray,
    widest: float,
) -> tuple[Crystal, float]:
    """Return the crystal with the gaps of one family of planes closed, and how far."""
    less = np.maximum(gap - widest, 0.0)
    below = np.empty_like(less)
    below[order] = np.cumsum(less) - less
    total = float(less.sum())
    normal = np.linalg.inv(crystal.lattice) @ plane
    normal /= np.linalg.norm(normal)
    lower = np.floor(height) * total + below
    lattice = crystal.lattice - total * np.outer(plane, normal)
    points = crystal.frac @ crystal.lattice - np.outer(lower, normal)
    return replace(
        crystal, lattice=lattice, frac=points @ np.linalg.inv(lattice)
    ), total
