"""Floating point operations, counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from ngn_core.network.network import Network
from ngn_core.packed.packed import PackedGraphs
from ngn_core.training.host_graphs import HostGraphs


def flops(
    network: Network, graphs: PackedGraphs | HostGraphs, numbers: Tensor
) -> float:
    """Return the floating point operations of a forward pass, a crystal.

    Args:
        network: is put into evaluation mode.
        graphs: where the network is, or streaming to it.
        numbers: of the graphs that it is counted on, [B].
    """
    counter = flop_counter()
    with torch.no_grad(), counter:
        network.eval()
        network(graphs.batch(numbers))
    return counter.get_total_flops() / len(numbers)


def flop_counter() -> FlopCounterMode:
    """Return torch's counter, which knows products that are added in place, too."""
    in_place = {torch.ops.aten.addmm_: _of_product}
    return FlopCounterMode(display=False, custom_mapping=in_place)


def _of_product(
    rows: Sequence[int], left: Sequence[int], right: Sequence[int], **_: Any
) -> int:
    """Return the operations of rows + left @ right, from their shapes."""
    return 2 * left[0] * left[1] * right[1]
