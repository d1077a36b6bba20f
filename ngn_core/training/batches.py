"""Batches of graph numbers, shuffled anew each epoch, the same on every run."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from ngn_core.training.distributed.balance import balance_edges


@dataclass(frozen=True)
class Batches:
    """Hands out [B] numbers of graphs, fewer in the last batch.

    Attributes:
        graphs: [n], the numbers, on the host.
        batch_size: B; where batches are cut by edges, their mean.
        device: where the batches go.
        order: seed of the order, None: as they stand.
        micro_batches: that each batch is handed out in, fewer where the last one has
            fewer graphs.
        begin: batches, or parts, that are left out as they were handed out before.
        edges: [n], of the graphs; as many batches are cut to have about as many edges
            each. None: to have as many graphs.
    """

    graphs: Tensor
    batch_size: int
    device: torch.device
    order: int | None = None
    micro_batches: int = 1
    begin: int = 0
    edges: Tensor | None = None

    def __len__(self) -> int:
        """Return the number of batches, or of their parts, in a whole epoch."""
        return sum(min(size, self.micro_batches) for size in self.sizes)

    def __iter__(self) -> Iterator[Tensor]:
        """Iterate over one epoch."""
        graphs = self.graphs[self._order].to(self.device)
        for number, batch in enumerate(torch.split(graphs, self.sizes)):
            micro_batches = torch.split(batch, self._part_sizes(number))
            yield from micro_batches[max(self.begin - number * self.micro_batches, 0) :]

    @cached_property
    def sizes(self) -> list[int]:
        """Return the graphs of each batch."""
        if self.edges is None:
            whole, rest = divmod(len(self.graphs), self.batch_size)
            return [self.batch_size] * whole + [rest] * (rest > 0)
        batches = math.ceil(len(self.graphs) / self.batch_size)
        return _between(
            balance_edges(self.edges[self._order], batches, self.micro_batches)
        )

    @cached_property
    def _order(self) -> Tensor:
        if self.order is None:
            return torch.arange(len(self.graphs))
        generator = torch.Generator().manual_seed(self.order)
        return torch.randperm(len(self.graphs), generator=generator)

    def _part_sizes(self, number: int) -> list[int]:
        """Return the graphs of each part of a batch."""
        size = self.sizes[number]
        micro_batches = min(self.micro_batches, size)
        if self.edges is None or micro_batches == 1:
            small, more = divmod(size, micro_batches)
            return [small + 1] * more + [small] * (micro_batches - more)
        begin = sum(self.sizes[:number])
        edges = self.edges[self._order[begin : begin + size]]
        return _between(balance_edges(edges, micro_batches))


def _between(ends: list[int]) -> list[int]:
    return [end - begin for begin, end in itertools.pairwise([0, *ends])]
