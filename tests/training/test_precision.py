"""Laws of rounded matrix products."""

from __future__ import annotations

import pytest
import torch

from ngn_core.spec.load import resolve_spec
from ngn_core.training import precision as precision_module
from ngn_core.training.precision import products_in, rounds_products, unrounded

CPU = torch.device("cpu")


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


def test_what_is_measured_is_what_a_wide_product_does():
    generator = torch.Generator().manual_seed(1)
    left, right = torch.randn(2, 320, 320, generator=generator)
    exact = left.double() @ right.double()
    for precision in ("float32", "tf32", "bf16"):
        with products_in(precision):
            found = left @ right
        error = (found - exact).abs().max() / exact.abs().max()
        assert error < 2e-2
        assert (error > 1e-4) == rounds_products(precision, CPU)


@pytest.mark.parametrize("precision", ["tf32", "bf16"])
def test_it_is_measured_whether_a_device_rounds(product_of, precision):
    product_of(rounding)
    assert rounds_products(precision, CPU)
    assert unrounded(precision, CPU) is None
    product_of(exact_enough)
    assert not rounds_products(precision, CPU)
    assert precision in unrounded(precision, CPU)


def test_what_nobody_asked_for_is_not_measured(product_of):
    product_of(None)
    assert not rounds_products("float32", CPU)
    assert unrounded("float32", CPU) is None


def test_one_product_is_measured_in_a_process(product_of):
    measured = []

    def counted(left, right):
        measured.append(torch.get_float32_matmul_precision())
        return rounding(left, right)

    product_of(counted)
    assert [rounds_products("bf16", CPU) for _ in range(3)] == [True] * 3
    assert measured == ["medium"]


def test_measuring_takes_no_random_number(product_of):
    product_of(rounding)
    before = torch.get_rng_state()
    rounds_products("bf16", CPU)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(("product", "rounded"), [("rounding", True), ("exact", False)])
def test_a_user_is_told_once_where_a_device_does_not_round(
    train, small_spec, registry, product_of, product, rounded
):
    product_of({"rounding": rounding, "exact": exact_enough}[product])
    changes = ["train.precision=bf16", "train.epochs=2"]
    spec = resolve_spec(small_spec.resolved(), registry, "test", changes)
    told = []
    outcome = train(product, spec=spec, note=told.append)
    assert outcome.rounded is rounded
    assert len(told) == (not rounded)
    assert all("train.precision: bf16" in sentence for sentence in told)


def rounding(left, right):
    """Multiply as a device does that has products in tf32 and bf16."""
    kept = {"highest": 0, "high": 13, "medium": 16}[
        torch.get_float32_matmul_precision()
    ]
    cut = [
        ((one.view(torch.int32) >> kept) << kept).view(torch.float32)
        for one in (left, right)
    ]
    return cut[0] @ cut[1]


def exact_enough(left, right):
    """Multiply as a device does that rounds nothing, whatever it is asked."""
    return (left.double() @ right.double()).float()


@pytest.fixture
def product_of(monkeypatch):
    """Return a function: the products that are measured are its argument's."""

    def put(product):
        monkeypatch.setattr(precision_module, "_product", product)
        rounds_products.cache_clear()

    yield put
    rounds_products.cache_clear()
