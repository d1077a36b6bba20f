"""Batches of graph numbers, shuffled anew each epoch, the same on every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batches:
    """Hands out [B] numbers of graphs, fewer in the last batch.

    Attributes:
        graphs: [n], the numbers, on the host.
        batch_size: B.
        device: where the batches go.
        order: seed of the order, None: as they stand.
    """

    graphs: Tensor
    batch_size: int
    device: torch.device
    order: int | None = None

    def __len__(self) -> int:
        """Return the number of batches."""
        return -(-len(self.graphs) // self.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        """Iterate over one epoch."""
        graphs = self.graphs
        if self.order is not None:
            generator = torch.Generator().manual_seed(self.order)
            graphs = graphs[torch.randperm(len(graphs), generator=generator)]
        yield from torch.split(graphs.to(self.device), self.batch_size)
