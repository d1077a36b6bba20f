"""Atoms on the unit torus, to find which one lies at a place in any cell."""

from __future__ import annotations

from typing import Any

import numpy as np

FEW = 64
"""Atoms, up to which comparing all is quicker than a search tree."""


def nearest(points: np.ndarray, frac: np.ndarray, colors: np.ndarray) -> np.ndarray:
    """Return which atom is nearest to each place on the unit torus, [G, N].

    Args:
        points: [G, N, 3], fractional; the second axis has the colors of the atoms.
        frac: [N, 3], of the atoms.
        colors: [N]; an atom is nearest to places of its color alone.
    """
    if len(frac) > FEW:
        tree = periodic_tree(frac, colors)
        of_point = np.broadcast_to(colors, points.shape[:2])
        return np.asarray(tree.query(on_torus(points, of_point))[1])
    # axes before places: [3, G, N, N]
    coordinates = np.ascontiguousarray(points.transpose(2, 0, 1))
    apart = coordinates[..., None] - frac.T[:, None, None].copy()
    apart -= np.rint(apart)
    apart *= apart
    squares = apart[0]
    squares += apart[1]
    squares += apart[2]
    # 1 is farther than any place on the torus
    squares += (colors[:, None] != colors).astype(np.float64)
    nearest: np.ndarray = squares.argmin(axis=2)
    return nearest


def periodic_tree(frac: np.ndarray, colors: np.ndarray) -> Any:
    """Return a search tree over atoms on the unit torus, colors kept apart."""
    from scipy.spatial import cKDTree

    return cKDTree(on_torus(frac, colors), boxsize=[1.0, 1.0, 1.0, 0.0])


def on_torus(frac: np.ndarray, colors: np.ndarray) -> np.ndarray:
    """Return points on the unit torus, [..., 4], their color as a fourth coordinate."""
    wrapped = frac - np.floor(frac)
    wrapped[wrapped >= 1.0] = 0.0  # of -1e-17
    return np.concatenate([wrapped, 2.0 * colors[..., None]], axis=-1)
