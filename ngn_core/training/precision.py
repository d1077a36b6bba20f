"""Faster matrix products of rounded factors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch
from torch import Tensor

from ngn_core.spec.spec import Precision

_NAMES = {"float32": "highest", "tf32": "high", "bf16": "medium"}
"""torch's words for the precision of float32 products."""

_WIDTH = 256
_ROUNDED = 2e-5
"""Error of a product, relative to its largest entry: float32 makes 1e-6 at most, tf32
and bf16 more than 1e-4."""


@contextmanager
def products_in(precision: Precision) -> Iterator[None]:
    """Round the factors of float32 products, inside; sums and tensors stay float32.

    A device without such products takes the next better ones: see `rounds_products`.
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(_NAMES[precision])
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


@cache
def rounds_products(precision: Precision, device: torch.device) -> bool:
    """Return whether a device rounds the factors of wide products, as one shows.

    It is measured, once in a process: what torch says of a processor is not what its
    products do. Those in float32 are never rounded.
    """
    if precision == "float32":
        return False
    generator = torch.Generator().manual_seed(0)
    factors = torch.randn(2, _WIDTH, _WIDTH, generator=generator)
    exact = factors[0].double() @ factors[1].double()
    left, right = factors.to(device)
    with products_in(precision):
        found = _product(left, right).cpu().double()
    return bool((found - exact).abs().max() > _ROUNDED * exact.abs().max())


def unrounded(precision: Precision, device: torch.device) -> str | None:
    """Return a sentence where a device does not round as it is asked to, else None."""
    if precision == "float32" or rounds_products(precision, device):
        return None
    return (
        f"train.precision: {precision}: matrix products on {device} are not rounded "
        "here, as one that was measured shows; training goes on with float32 products"
    )


def _product(left: Tensor, right: Tensor) -> Tensor:
    return left @ right
