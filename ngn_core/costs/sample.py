"""Crystals to measure on: as large, on average, as those they stand for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ngn_core.crystal.crystal import Crystal


def representative(crystals: Sequence[Crystal], count: int) -> np.ndarray:
    """Return the places of some crystals, [n], in an order of their own.

    They are evenly spread over the crystals sorted by their number of sites, so that
    few stand well for many. The order is shuffled, the same on every call.

    Args:
        crystals: B of them.
        count: how many, all where there are fewer.
    """
    sites = np.array([len(crystal.frac) for crystal in crystals])
    ranks = np.argsort(sites, kind="stable")
    count = min(count, len(ranks))
    evenly = ((np.arange(count) + 0.5) * len(ranks) / count).astype(np.int64)
    places: np.ndarray = ranks[evenly]
    return np.random.default_rng(0).permutation(places)
