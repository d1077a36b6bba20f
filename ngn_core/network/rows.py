"""The rows of one level in a batch: columns, incidence, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ngn_core.network.endpoint import Endpoint
from ngn_core.network.onto import Onto


@dataclass(frozen=True)
class Rows:
    """All things of one level of a batch.

    Attributes:
        columns: raw geometry and named columns, each [n, ...].
        index: [2, n], (sender, receiver) rows of the level below; None for nodes.
        multiplicity: [n], weight onto the receiver (for nodes: onto the crystal).
        weight: [n], weight onto the crystal, the product of multiplicities downward.
        crystal: [n], the crystal each thing belongs to.
        crystals: B.
    """

    columns: Mapping[str, Tensor]
    index: Tensor | None
    multiplicity: Tensor
    weight: Tensor
    crystal: Tensor
    crystals: int

    @property
    def onto_crystal(self) -> Onto:
        """Return the weighted reductions over each crystal."""
        return Onto(self.crystal, self.weight, self.crystals)

    def of_crystal(self, state: Any) -> Endpoint:
        """Return the global state as seen by each thing, from [B, F]."""
        return Endpoint(state, self.crystal)

    def sender(self, below: Any) -> Endpoint:
        """Return the sender end, from features of the level below."""
        return Endpoint(below, self._ends()[0])

    def receiver(self, below: Any) -> Endpoint:
        """Return the receiver end, from features of the level below."""
        return Endpoint(below, self._ends()[1])

    def _ends(self) -> Tensor:
        if self.index is None:
            raise TypeError("nodes point at nothing: they have no sender or receiver")
        return self.index
