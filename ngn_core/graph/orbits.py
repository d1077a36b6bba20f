"""Orbits: the items of a level that a group takes to each other."""

from __future__ import annotations

import numpy as np

from ngn_core.graph.action import Action


def orbits(action: Action) -> np.ndarray:
    """Return the orbit of each item, [n], numbered from 0.

    A chain of operations as `generators` gives it does for the whole group: an orbit of
    what the first ones generate, the next one and its square take to others, and those
    are all that the group adds.

    Args:
        action: of a chain of operations, or of all.
    """
    first = np.arange(action.image.shape[1])
    for image in action.image:
        once = np.minimum(first, first.take(image))
        first = np.minimum(once, once.take(image))
    return _numbered(first)


def orbits_of_group(action: Action) -> np.ndarray:
    """Return the same as `orbits` from the action of all operations of a group."""
    return _numbered(action.image.min(axis=0))


def _numbered(first: np.ndarray) -> np.ndarray:
    """Return the number of each item's orbit, given the orbit's first item."""
    firsts = first == np.arange(len(first))
    numbered: np.ndarray = (firsts.cumsum() - 1).take(first)
    return numbered


def orbit_means(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return each item's mean over its orbit, shaped as `values` [n, ...].

    Items that are NaN do not count; the members of an orbit get equal numbers, to the
    last bit.
    """
    rows = values.reshape(len(values), -1)
    means = np.empty_like(rows, dtype=np.float64)
    for place, row in enumerate(rows.T):
        there = ~np.isnan(row)
        total = np.bincount(labels, np.where(there, row, 0.0))
        means[:, place] = (total / np.bincount(labels, there))[labels]
    return means.reshape(values.shape)
