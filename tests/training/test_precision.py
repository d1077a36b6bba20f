"""Laws of rounded matrix products."""

from __future__ import annotations

import pytest
import torch

from ngn_core.spec.load import resolve_spec
from ngn_core.training.precision import products_in


def test_torch_is_left_as_it_was():
    before = torch.get_float32_matmul_precision()
    with products_in("bf16"):
        inside = torch.get_float32_matmul_precision()
    assert inside == "medium"
    assert torch.get_float32_matmul_precision() == before


def test_rounded_products_change_a_trial_little(train, small_spec, registry):
    changes = ["train.precision=bf16"]
    spec = resolve_spec(small_spec.resolved(), registry, "test", changes)
    exact, rounded = train("exact"), train("rounded", spec=spec)
    shift = (exact.predictions - rounded.predictions).abs().mean()
    assert shift < 0.1 * exact.predictions.std()


def test_a_wide_product_is_rounded_where_the_processor_can():
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("this processor has no products of bf16")
    generator = torch.Generator().manual_seed(0)
    left, right = torch.randn(2, 256, 256, generator=generator)
    with products_in("bf16"):
        rounded = left @ right
    exact = left.double() @ right.double()
    error = (rounded - exact).abs().max() / exact.abs().max()
    assert 1e-4 < error < 2e-2
