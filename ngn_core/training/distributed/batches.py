"""The share of each batch that one of several devices trains on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from ngn_core.training.batches import Batches


@dataclass(frozen=True)
class SharedBatches:
    """Hands out one device's graphs of each batch, in the order of all of them.

    Every graph is in one share. The shares of a batch differ by one graph at most;
    where there are more devices than graphs, some have none.

    Attributes:
        batches: of all devices.
        rank: of this one.
        ranks: how many devices there are.
    """

    batches: Batches
    rank: int
    ranks: int

    def __len__(self) -> int:
        """Return the number of shares: one of each batch, or of each of its parts."""
        return len(self.batches)

    def __iter__(self) -> Iterator[Tensor]:
        """Iterate over one epoch."""
        for batch in self.batches:
            yield batch.tensor_split(self.ranks)[self.rank]
