"""A linear layer over several inputs that never builds their concatenation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from operator import add

from torch import Tensor, nn
from torch.nn import functional

from ngn_core.network.endpoint import Endpoint


class JoinedLinear(nn.Linear):
    """Maps [part, part, ...] to [n, width] as a sum of products, one a part.

    An endpoint is multiplied before it is gathered: N rows, not E.

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
        self.bounds = [0, *accumulate(present)]

    def forward(self, *parts: Tensor | Endpoint | None) -> Tensor:
        """Return [n, width] from one argument for each of `widths`."""
        terms: list[Tensor] = []
        bounds = zip(parts, self.bounds[:-1], self.bounds[1:], strict=True)
        for part, start, stop in bounds:
            if start < stop:
                bias = None if terms else self.bias
                terms.append(_product(part, self.weight[:, start:stop], bias))
        return reduce(add, terms)


def _product(
    part: Tensor | Endpoint | None, weight: Tensor, bias: Tensor | None
) -> Tensor:
    if isinstance(part, Endpoint):
        product: Tensor = part.map(
            lambda source: functional.linear(source, weight, bias)
        )
        return product
    if part is None:
        raise ValueError(f"expected a part of width {weight.shape[1]}, got None")
    return functional.linear(part, weight, bias)
