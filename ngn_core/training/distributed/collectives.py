"""What the processes that train one network on several devices say to each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch.distributed as dist

from ngn_core.network.all_reduce import is_distributed

T = TypeVar("T")


def count_ranks() -> int:
    """Return how many processes train together; one where this one is alone."""
    return dist.get_world_size() if is_distributed() else 1


def own_rank() -> int:
    """Return the number of this process among them."""
    return dist.get_rank() if is_distributed() else 0


def broadcast(find: Callable[[], T]) -> T:
    """Return what the first process finds, in every one."""
    if not is_distributed():
        return find()
    found: list[Any] = [find() if own_rank() == 0 else None]
    dist.broadcast_object_list(found, src=0)
    value: T = found[0]
    return value


def all_gather(own: T) -> list[T]:
    """Return what each process has, in every one, in their order."""
    if not is_distributed():
        return [own]
    every: list[Any] = [None] * count_ranks()
    dist.all_gather_object(every, own)
    return every
