"""The graph of one crystal, as levels, one above the other.

Shape letters: N nodes, E edges, A angles, B crystals in a batch, n the items of any
level; F_v, F_e, F_a, F_m are widths of node, edge, angle and message features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ngn_core.plugin.levels import LEVELS as LEVELS

SHARED, SHARE = "species.atomic_number", "species.weight"
"""Node columns that stand for `atomic_number` in a crystal with disordered sites:
atomic numbers [N, K] and their weights [N, K], see `Crystal.shares`."""


@dataclass(frozen=True)
class Level:
    """The items of one level.

    Attributes:
        columns: raw geometry and named columns, each [n, ...].
        index: [2, n], (sender, receiver) in the level below; None for nodes.
        multiplicity: [n], how often the item counts for its receiver (for nodes: for
            the crystal), |orbit| / |orbit of the receiver|.
    """

    columns: Mapping[str, np.ndarray]
    index: np.ndarray | None
    multiplicity: np.ndarray

    def __len__(self) -> int:
        """Return n."""
        return len(self.multiplicity)


@dataclass(frozen=True)
class CrystalGraph:
    """The graph of one crystal: nodes, edges, and the line graphs' edges above them.

    Attributes:
        levels: lowest first, named by `LEVELS`; rows of a level are sorted by
            receiver.
        atoms: number of sites in the cell as given, whatever `cell` and `symmetry` are;
            one that is partly occupied or shared counts once.
        facts: what the report prints beside it (space group, shift, strain ...).
        columns: named numbers of the crystal as a whole.
    """

    levels: tuple[Level, ...]
    atoms: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, float] = field(default_factory=dict)
