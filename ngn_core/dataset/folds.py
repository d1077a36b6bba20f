"""Random choices of crystals: samples that keep shares, parts that keep groups."""

from __future__ import annotations

import numpy as np

SAMPLE, HOLDOUT = 0, 2  # streams of random numbers, one for each use of the seed


def set_aside(
    groups: np.ndarray, classes: np.ndarray, count: int, random: np.random.Generator
) -> np.ndarray:
    """Return a random choice of whole groups, with each class's share of the crystals.

    Groups come in random order; one is taken where that brings the number of each class
    nearer to its share, summed over the classes. Groups of one crystal and one class
    give exactly `count`. Scikit-learn's GroupShuffleSplit counts groups, not crystals,
    and shares out no classes.

    Args:
        groups: [B], crystals of one group are chosen together.
        classes: [B], all equal for no stratification.
        count: how many, from 1 to B - 1.
        random: where the order comes from.

    Returns:
        [B], whether each crystal is chosen; at least one is.
    """
    _, group = np.unique(groups, return_inverse=True)
    _, kind = np.unique(classes, return_inverse=True)
    sizes = np.zeros((group.max() + 1, kind.max() + 1), dtype=np.int64)
    np.add.at(sizes, (group, kind), 1)
    order = random.permutation(len(sizes))
    missing = (sizes.sum(axis=0) * count / len(groups)).tolist()
    taken = np.zeros(len(sizes), dtype=bool)
    for number, size in zip(order.tolist(), sizes[order].tolist(), strict=True):
        left = [lack - more for lack, more in zip(missing, size, strict=True)]
        if sum(map(abs, left)) < sum(map(abs, missing)):
            taken[number], missing = True, left
    if not taken.any():
        smallest = np.argmin(sizes[order].sum(axis=1))  # the first of them
        taken[order[smallest]] = True
    return taken[group]


def sample(groups: np.ndarray, limit: int, seed: int) -> np.ndarray:
    """Return a random choice that keeps the groups' shares and the order.

    Args:
        groups: [B], the fold or class of each crystal.
        limit: how many; at least the number of groups gives each group one.
        seed: same seed, same choice.

    Returns:
        [min(limit, B)], int64, ascending indices.
    """
    if limit >= len(groups):
        return np.arange(len(groups))
    random = np.random.default_rng([seed, SAMPLE])
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    counts = _shares(sizes, limit)
    order = random.permutation(len(groups))
    order = order[np.argsort(place[order], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    chosen = [
        order[start : start + count]
        for start, count in zip(starts, counts, strict=True)
    ]
    result = np.concatenate(chosen)
    result.sort()
    return result


def _shares(sizes: np.ndarray, limit: int) -> np.ndarray:
    """Return [groups] counts that sum to `limit`, by largest remainder."""
    exact = sizes * limit / sizes.sum()
    counts: np.ndarray = np.floor(exact).astype(np.int64)
    if limit >= len(sizes):
        counts = np.maximum(counts, 1)
    while counts.sum() != limit:
        more = counts.sum() < limit
        lack = exact - counts
        if more:
            counts[np.argmax(np.where(counts < sizes, lack, -np.inf))] += 1
        else:
            counts[np.argmin(np.where(counts > 1, lack, np.inf))] -= 1
    return counts
