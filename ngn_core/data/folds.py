"""Folds: which crystals are tested together, and samples that keep their shares."""

from __future__ import annotations

import numpy as np

SAMPLE, FOLDS = 0, 1  # streams of random numbers, one for each use of the seed


def made_folds(groups: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """Return k folds of equal size that share out every group equally, shuffled.

    Args:
        groups: [B], the class of each crystal; all equal for no stratification.
        n_folds: k.
        seed: same seed, same folds.

    Returns:
        [B], int64, fold numbers; sizes differ by one at most, in a group too.
    """
    random = np.random.default_rng([seed, FOLDS])
    order = random.permutation(len(groups))
    order = order[np.argsort(groups[order], kind="stable")]
    fold = np.empty(len(groups), dtype=np.int64)
    fold[order] = np.arange(len(groups)) % n_folds
    return fold


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
