"""Sums over the processes that train one network on several devices."""

from __future__ import annotations

import torch.distributed as dist
from torch import Tensor


def is_distributed() -> bool:
    """Return whether this process trains a network together with others."""
    return dist.is_available() and dist.is_initialized()


def all_reduce_sum(values: Tensor) -> Tensor:
    """Return the sum over all processes, of equal shape in each.

    A process that trains alone has its own values back. No gradient flows through: a
    layer that normalizes with such sums writes its own, with sums in it.
    """
    if not is_distributed():
        return values
    assert not values.requires_grad
    total = values.clone().contiguous()
    dist.all_reduce(total)
    return total
