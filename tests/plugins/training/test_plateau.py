"""The plateau against torch's own, and what it does at its edges."""

from __future__ import annotations

import math

import pytest
import torch

from ngn_plugins.training.plateau import Plateau


@pytest.mark.parametrize("patience", [1, 3])
@pytest.mark.parametrize("stop", [0.0, 2.0e-3])
def test_it_falls_where_torch_s_does(patience, stop):
    ours = Plateau(Plateau.Options(factor=0.3, patience=patience, stop=stop))
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.01)
    torchs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer,
        factor=0.3,
        patience=patience - 1,
        threshold=1e-4,
        min_lr=stop,
        eps=0.0,
    )
    drawn = torch.Generator().manual_seed(patience)
    noise = torch.rand(60, generator=drawn, dtype=torch.float64)
    losses = (0.1 + 0.9 ** torch.arange(60) + 0.05 * noise).tolist()
    rates = []
    for epoch, loss in enumerate(losses, start=1):
        torchs.step(loss)
        rates.append(ours.after(losses[:epoch], 0.01))
        assert rates[-1] == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
    assert len(set(rates)) > 2  # it did fall


def test_before_any_loss_the_rate_is_the_optimizer_s():
    ours = Plateau(Plateau.Options())
    assert ours.after([], ours.rate(7, 10, 0.01)) == 0.01


def test_a_loss_below_zero_can_be_better_too():
    ours = Plateau(Plateau.Options(patience=1))
    assert ours.after([-1.0, -1.1, -1.2], 0.01) == 0.01
    assert ours.after([-1.0, -1.1, -1.1], 0.01) == 0.005


def test_a_loss_that_is_no_number_is_not_better():
    ours = Plateau(Plateau.Options(patience=2))
    assert ours.after([1.0, math.nan], 0.01) == 0.01
    assert ours.after([1.0, math.nan, math.nan], 0.01) == 0.005


def test_a_rate_that_begins_below_the_last_one_stays():
    ours = Plateau(Plateau.Options(patience=1, stop=0.1))
    assert ours.after([1.0, 1.0, 1.0], 0.01) == 0.01
