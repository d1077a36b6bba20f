"""Orbits: the things of a level that a group takes to each other."""

from __future__ import annotations

import numpy as np

from ngn_core.crystal.action import Action


def orbits(action: Action) -> np.ndarray:
    """Return the orbit of each thing, [n], numbered from 0.

    Orbits are the connected components of the permutations, so that those of the
    group's generators do.
    """
    operations, things = action.image.shape
    if operations == 0 or things == 0:
        return np.arange(things)
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    start = np.broadcast_to(np.arange(things), action.image.shape).ravel()
    link = np.ones(start.size, dtype=np.int8)
    matrix = coo_matrix((link, (start, action.image.ravel())), shape=(things, things))
    labels: np.ndarray = connected_components(matrix, directed=False)[1]
    return labels


def orbit_means(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return each thing's mean over its orbit, shaped as `values` [n, ...].

    Things that are NaN do not count; the members of an orbit get equal numbers, to the
    last bit.
    """
    rows = values.reshape(len(values), -1)
    means = np.empty_like(rows, dtype=np.float64)
    for place, row in enumerate(rows.T):
        there = ~np.isnan(row)
        total = np.bincount(labels, np.where(there, row, 0.0))
        means[:, place] = (total / np.bincount(labels, there))[labels]
    return means.reshape(values.shape)
