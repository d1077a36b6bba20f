"""A linear layer over several inputs that never builds their concatenation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

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
        super().__init__(sum(present), width, bias=bias)
        self.bounds = [0, *accumulate(present)]

    def forward(self, *parts: Tensor | Endpoint | None) -> Tensor:  # type: ignore[override]
        """Return [n, width] from one argument for each of `widths`."""
        total: Tensor | None = None
        for part, start, stop in zip(parts, self.bounds, self.bounds[1:], strict=False):
            if start == stop:
                continue
            weight = self.weight[:, start:stop]
            bias = self.bias if total is None else None
            term = _product(part, weight, bias)
            total = term if total is None else total + term
        if total is None:
            raise ValueError("a joined linear layer needs at least one part")
        return total


def _product(
    part: Tensor | Endpoint | None, weight: Tensor, bias: Tensor | None
) -> Tensor:
    if isinstance(part, Endpoint):
        product: Tensor = part.map(lambda source: functional.linear(source, weight, bias))
        return product
    if part is None:
        raise ValueError(f"expected a part of width {weight.shape[1]}, got None")
    return functional.linear(part, weight, bias)
