"""A side that trains with PyTorch: the same loss and optimizer for every peer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


class TorchSide:
    """Batches of a peer's own kind, and the peer's network.

    Args:
        network: of the peer.
        collate: puts batch number so together, as the peer's own loader does.
        predict: from network and batch to [B].
        batches: their number.
        facts: what is told of the side.
    """

    def __init__(
        self,
        network: nn.Module,
        collate: Callable[[int], Any],
        predict: Callable[[nn.Module, Any], Tensor],
        batches: int,
        facts: dict[str, Any],
    ) -> None:
        self.network = network
        self.collate = collate
        self.predict = predict
        self.batches = batches
        parameters = sum(p.numel() for p in network.parameters() if p.requires_grad)
        self.facts = {**facts, "parameters": parameters}
        self.optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)

    def train(self, batch: int) -> None:
        """Take one step on a batch, towards 0."""
        in_mode(self.network, training=True)
        self.optimizer.zero_grad()
        self.predict(self.network, self.collate(batch)).abs().mean().backward()
        self.optimizer.step()

    def infer(self, batch: int) -> None:
        """Predict a batch."""
        in_mode(self.network, training=False)
        with torch.no_grad():
            self.predict(self.network, self.collate(batch))

    def assemble(self, batch: int) -> None:
        """Put a batch together."""
        self.collate(batch)


def in_mode(network: nn.Module, *, training: bool) -> None:
    """Tell the layers what they are for, as seldom as a training does."""
    if network.training != training:
        network.train(training)
