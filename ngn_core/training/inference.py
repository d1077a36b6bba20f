"""Predictions of a trained network."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ngn_core.data.packed import PackedGraphs
from ngn_core.training.batches import Batches


@torch.no_grad()
def infer(
    network: nn.Module, graphs: PackedGraphs, numbers: Tensor, batch_size: int
) -> Tensor:
    """Return the outputs of graphs by their numbers, [n], in evaluation mode."""
    network.eval()
    device = graphs.crystals["atoms"].device
    outputs = [
        network(graphs.batch(batch)).squeeze(1)
        for batch in Batches(numbers, batch_size, device)
    ]
    return torch.cat(outputs)
