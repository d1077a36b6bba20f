"""Predictions of a trained network."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ngn_core.packed.packed import PackedGraphs
from ngn_core.training.denormals import denormals_flushed
from ngn_core.training.host_graphs import HostGraphs, assembled


@denormals_flushed()
@torch.no_grad()
def infer(
    network: nn.Module,
    graphs: PackedGraphs | HostGraphs,
    numbers: Tensor,
    batch_size: int,
) -> Tensor:
    """Return the outputs of graphs by their numbers, [n], in evaluation mode."""
    network.eval()
    batches = assembled(graphs, numbers, batch_size)
    return torch.cat([network(batch).squeeze(1) for batch in batches])
