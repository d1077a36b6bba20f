"""Orbits: the things of a level that a group takes to each other."""

from __future__ import annotations

import numpy as np

from ngn_core.crystal.action import Action


def orbits(action: Action) -> np.ndarray:
    """Return the orbit of each thing, [n], numbered from 0.

    Orbits are the connected components of the permutations, so that those of the
    group's generators do.
    """
    things = action.image.shape[1]
    label = np.arange(things)
    while action.image.size:
        # the smallest label goes round every cycle, by leaps
        lower = np.minimum(label, label[action.image].min(axis=0))
        lower = lower[lower]
        if np.array_equal(lower, label):
            break
        label = lower
    first = label == np.arange(things)
    numbered: np.ndarray = (np.cumsum(first) - 1)[label]
    return numbered


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
