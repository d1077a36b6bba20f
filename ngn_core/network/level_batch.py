"""The rows of one level in a batch: columns, incidence, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ngn_core.network.aggregation import Aggregation
from ngn_core.network.endpoint import Endpoint
from ngn_core.network.features import first_field
from ngn_core.network.segments import Segments


@dataclass(frozen=True)
class LevelBatch:
    """All items of one level of a batch.

    Attributes:
        columns: raw geometry and named columns, each [n, ...].
        index: [2, n], (sender, receiver) rows of the level below; None for nodes.
        multiplicity: [n], weight onto the receiver (for nodes: onto the crystal).
        weight: [n], weight onto the crystal, the product of multiplicities downward.
        crystal: [n], the crystal each item belongs to.
        crystals: B.
    """

    columns: Mapping[str, Tensor]
    index: Tensor | None
    multiplicity: Tensor
    weight: Tensor
    crystal: Tensor
    crystals: int

    @property
    def onto_crystal(self) -> Aggregation:
        """Return the weighted reductions over each crystal."""
        return Aggregation(Segments(self.crystal, self.crystals), self.weight)

    def of_crystal(self, state: Any) -> Endpoint:
        """Return the global state as seen by each item, from [B, F]."""
        return Endpoint(state, Segments(self.crystal, self.crystals))

    def sender(self, below: Any) -> Endpoint:
        """Return the sender end, from features of the level below."""
        return Endpoint(below, Segments(self.ends()[0], _count(below)))

    def receiver(self, below: Any) -> Endpoint:
        """Return the receiver end, from features of the level below."""
        return Endpoint(below, Segments(self.ends()[1], _count(below)))

    def ends(self) -> Tensor:
        """Return the rows of the level below that items point at, [2, n]."""
        if self.index is None:
            raise TypeError("nodes point at nothing: they have no sender or receiver")
        return self.index


def _count(features: Any) -> int:
    """Return N, of features of the level below; there may be none."""
    return 0 if features is None else len(first_field(features))
