"""Faster matrix products of rounded factors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ngn_core.spec.spec import Precision

_NAMES = {"float32": "highest", "tf32": "high", "bf16": "medium"}
"""torch's words for the precision of float32 products."""


@contextmanager
def products_in(precision: Precision) -> Iterator[None]:
    """Round the factors of float32 products, inside; sums and tensors stay float32.

    A device without such products takes the next better ones.
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(_NAMES[precision])
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
