"""Floating point operations, counted."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from ngn_core.data.packed import PackedGraphs
from ngn_core.network.network import Network
from ngn_core.training.streamed import Streamed


def flops(network: Network, graphs: PackedGraphs | Streamed, numbers: Tensor) -> float:
    """Return the floating point operations of a forward pass, a crystal.

    Args:
        network: is put into evaluation mode.
        graphs: where the network is, or streaming to it.
        numbers: of the graphs that it is counted on, [B].
    """
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        network.eval()
        network(graphs.batch(numbers))
    return counter.get_total_flops() / len(numbers)
