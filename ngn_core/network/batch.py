"""A batch of graphs on one device: what a network takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ngn_core.network.level_batch import LevelBatch


@dataclass(frozen=True)
class Batch:
    """Graphs of several crystals side by side.

    Attributes:
        levels: rows of the levels, lowest first.
        crystals: rows of the crystals themselves (columns `atoms`, `state`).
    """

    levels: Sequence[LevelBatch]
    crystals: LevelBatch
