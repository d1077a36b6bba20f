"""Atoms on the unit torus, to find which one lies at a place in any cell."""

from __future__ import annotations

from typing import Any

import numpy as np


def periodic_tree(frac: np.ndarray, colors: np.ndarray) -> Any:
    """Return a search tree over atoms on the unit torus, colors kept apart."""
    from scipy.spatial import cKDTree

    return cKDTree(on_torus(frac, colors), boxsize=[1.0, 1.0, 1.0, 0.0])


def on_torus(frac: np.ndarray, colors: np.ndarray) -> np.ndarray:
    """Return points on the unit torus, [..., 4], their color as a fourth coordinate."""
    wrapped = frac - np.floor(frac)
    wrapped[wrapped >= 1.0] = 0.0  # of -1e-17
    return np.concatenate([wrapped, 2.0 * colors[..., None]], axis=-1)
