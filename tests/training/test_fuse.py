"""Optimizers in one kernel, against themselves weight by weight."""

from __future__ import annotations

import pytest
import torch

from ngn_core.training.module import fuse

OPTIONS = {
    "adam": {"lr": 0.01},
    "adamw": {"lr": 0.01, "weight_decay": 0.1},
    "amsgrad": {"lr": 0.01},
    "sgd": {"lr": 0.01},
}


def test_every_optimizer_is_tried(registry):
    assert set(registry.names("optimizer")) == set(OPTIONS)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_fused_optimizer_moves_weights_as_before(registry, name):
    component = registry.get("optimizer", name).component
    torch.manual_seed(0)
    start = torch.randn(7, 3, dtype=torch.float64)
    found = []
    for fused in (False, True):
        weights = torch.nn.Parameter(start.clone())
        made = component(component.Options(**OPTIONS[name])).optimizer([weights])
        if fused:
            fuse(made)
        for _ in range(200):
            made.zero_grad()
            (weights - 0.3).cosh().sum().backward()
            made.step()
        found.append(weights.detach())
    assert not torch.equal(found[0], start)
    torch.testing.assert_close(found[1], found[0], rtol=0, atol=1e-9)
