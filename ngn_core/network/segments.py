"""Gathering rows for the items that point at them, and summing items onto rows.

Each is the other's gradient. On a CPU both are sums over bags of rows, which are read
where they lie: a product with the weights, or a gathered copy of each of several
endpoints, would cost more than the sum itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function


@dataclass(frozen=True)
class Segments:
    """The row that each of n items points at.

    Attributes:
        index: [n], of the row.
        size: number of rows.
    """

    index: Tensor
    size: int

    @cached_property
    def order(self) -> Tensor:
        """Return the items sorted by their row, [n]."""
        return self.index.argsort(stable=True)

    @cached_property
    def start(self) -> Tensor:
        """Return where in `order` the items of each row begin, [size]."""
        count = torch.bincount(self.index, minlength=self.size)
        return count.cumsum(0) - count


def gather(sources: Sequence[Tensor], segments: Sequence[Segments]) -> Tensor:
    """Return the sum of what each item points at in several sources, [n, ...].

    Args:
        sources: [size, ...] each, of its own size.
        segments: of the same n items, one for each source.
    """
    if all(_in_bags(source) for source in sources):
        rows = _gathered(None, tuple(segments), *map(_flat, sources))
        return _shaped(rows, sources[0])
    total, *others = (
        source.index_select(0, target.index)
        for source, target in zip(sources, segments, strict=True)
    )
    return sum(others, start=total)


def segment_sum(items: Tensor, weight: Tensor, segments: Segments) -> Tensor:
    """Return the weighted sum of the items that point at each row, [size, ...].

    Args:
        items: [n, ...].
        weight: [n].
        segments: of the items.
    """
    if _in_bags(items) and not weight.requires_grad:
        return _shaped(_summed(_flat(items), weight, segments), items)
    weighted = items * weight.view(-1, *[1] * (items.dim() - 1))
    zeros = weighted.new_zeros((segments.size, *items.shape[1:]))
    return zeros.index_add(0, segments.index, weighted)


class _Gathered(Function):
    @staticmethod
    def forward(
        ctx: Any,
        weight: Tensor | None,
        segments: tuple[Segments, ...],
        *sources: Tensor,
    ) -> Tensor:
        ctx.segments, ctx.weight = segments, weight
        if len(sources) == 1 and weight is None:
            return sources[0].index_select(0, segments[0].index)
        columns, begin = [], 0
        for target in segments:
            columns.append(target.index + begin if begin else target.index)
            begin += target.size
        bags = columns[0] if len(columns) == 1 else torch.stack(columns, dim=1)
        start = torch.arange(0, bags.numel(), len(columns), device=bags.device)
        table = sources[0] if len(sources) == 1 else torch.cat(sources)
        return _bags(table, bags.view(-1), start, weight)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        gradient = gradients[0].contiguous()
        wanted = zip(ctx.segments, ctx.needs_input_grad[2:], strict=True)
        sums = (
            _summed(gradient, ctx.weight, segments) if want else None
            for segments, want in wanted
        )
        return None, None, *sums


class _Summed(Function):
    @staticmethod
    def forward(
        ctx: Any, items: Tensor, weight: Tensor | None, segments: Segments
    ) -> Tensor:
        ctx.segments, ctx.weight = segments, weight
        order = segments.order
        shares = None if weight is None else weight.index_select(0, order)
        return _bags(items, order, segments.start, shares)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        gradient = gradients[0].contiguous()
        return _gathered(ctx.weight, (ctx.segments,), gradient), None, None


_gathered: Callable[..., Tensor] = _Gathered.apply
_summed: Callable[..., Tensor] = _Summed.apply


def _bags(table: Tensor, rows: Tensor, start: Tensor, weight: Tensor | None) -> Tensor:
    """Return the weighted sum of each bag of rows; bag k begins at `start[k]`."""
    table = table.detach()  # else what a gradient would need is worked out, too
    sums: Tensor = torch.embedding_bag(table, rows, start, False, 0, False, weight)[0]
    return sums


def _in_bags(rows: Tensor) -> bool:
    real = rows.dtype in (torch.float32, torch.float64)
    return real and rows.device.type == "cpu" and not torch.compiler.is_compiling()


def _flat(rows: Tensor) -> Tensor:
    if rows.dim() != 2:
        rows = rows.reshape(len(rows), math.prod(rows.shape[1:]))
    return rows.contiguous()


def _shaped(rows: Tensor, like: Tensor) -> Tensor:
    return rows if like.dim() == 2 else rows.view(len(rows), *like.shape[1:])
