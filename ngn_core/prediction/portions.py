"""Crystals in portions, so that the graphs of a few are in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator

from ngn_core.dataset.crystal_set import CrystalSet, take
from ngn_core.packed.graphs import SHARD


def portions(crystals: CrystalSet, size: int = SHARD) -> Iterator[CrystalSet]:
    """Yield crystals in their order, so many at a time."""
    for first in range(0, len(crystals), size):
        yield take(crystals, range(first, min(first + size, len(crystals))))
