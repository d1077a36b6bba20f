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
        parts: that each batch is handed out in, fewer where it has fewer graphs.
        begin: batches, or parts, that are left out as they were handed out before.
    """

    graphs: Tensor
    batch_size: int
    device: torch.device
    order: int | None = None
    parts: int = 1
    begin: int = 0

    def __len__(self) -> int:
        """Return the number of batches, or of their parts, in a whole epoch."""
        whole, rest = divmod(len(self.graphs), self.batch_size)
        return whole * self.parts + min(rest, self.parts)

    def __iter__(self) -> Iterator[Tensor]:
        """Iterate over one epoch."""
        graphs = self.graphs
        if self.order is not None:
            generator = torch.Generator().manual_seed(self.order)
            graphs = graphs[torch.randperm(len(graphs), generator=generator)]
        batches = torch.split(graphs.to(self.device), self.batch_size)
        for number, batch in enumerate(batches):
            parts = torch.tensor_split(batch, min(self.parts, len(batch)))
            yield from parts[max(self.begin - number * self.parts, 0) :]
