"""A linear layer over several inputs that never builds their concatenation."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from ngn_core.network.endpoint import Endpoint
from ngn_core.network.segments import gather


class JoinedLinear(nn.Linear):
    """Maps [part, part, ...] to [n, width] as a sum of products, one a part.

    An endpoint is multiplied before it is gathered: N rows, not E; and what is gathered
    of several endpoints is added up on the way.

    Args:
        widths: width of each part; None for a part that is always absent.
        width: width of the result.
        bias: whether there is a bias.
    """

    def __init__(
        self, widths: Sequence[int | None], width: int, *, bias: bool = True
    ) -> None:
        present = [part or 0 for part in widths]
        if not any(present):
            raise ValueError("at least one part for a linear layer; all are absent")
        super().__init__(sum(present), width, bias=bias)
        self.widths = present

    def forward(self, *parts: Tensor | Endpoint | None) -> Tensor:
        """Return [n, width] from one argument for each of `widths`."""
        ends: list[tuple[Endpoint, Tensor]] = []
        plain: list[tuple[Tensor, Tensor]] = []
        weights = torch.split(self.weight, self.widths, dim=1)
        for part, weight, width in zip(parts, weights, self.widths, strict=True):
            if width == 0:
                continue
            if isinstance(part, Endpoint):
                ends.append((part, weight))
            elif part is not None:
                plain.append((part, weight))
            else:
                raise ValueError(f"expected a part of width {width}, got None")
        if ends:
            (end, weight), *more = ends
            products = [functional.linear(end.source, weight, self.bias)]
            products += [functional.linear(end.source, weight) for end, weight in more]
            total = gather(products, [end.segments for end, _ in ends])
        else:
            (part, weight), *plain = plain
            total = functional.linear(part, weight, self.bias)
        for part, weight in plain:
            if part.dim() == 2:
                total = total.addmm_(part, weight.t())
            else:
                total = total + functional.linear(part, weight)
        return total
