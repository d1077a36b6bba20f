"""Schedules against torch's, and at the places that their papers' code names."""

from __future__ import annotations

import pytest
import torch

from ngn_plugins.training.amsgrad import AMSGrad
from ngn_plugins.training.decays import Exponential, HeldLinear, Steps
from ngn_plugins.training.sgd import SGD


def test_held_linear_is_constant_and_then_a_line():
    schedule = HeldLinear(HeldLinear.Options(hold=0.125, stop=1e-5))
    rates = [schedule.rate(step, 800, 5e-4) for step in range(801)]
    assert rates[:101] == [5e-4] * 101
    assert rates[450] == pytest.approx((5e-4 + 1e-5) / 2)
    assert rates[800] == pytest.approx(1e-5)
    assert all(one >= other for one, other in zip(rates, rates[1:], strict=False))


def test_steps_are_those_of_torch():
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=0.01)
    torchs = torch.optim.lr_scheduler.MultiStepLR(optimizer, [50, 75], gamma=0.1)
    ours = Steps(Steps.Options(at=(0.5, 0.75)))
    for step in range(100):
        wanted = optimizer.param_groups[0]["lr"]
        assert ours.rate(step, 100, 0.01) == pytest.approx(wanted)
        optimizer.step()
        torchs.step()


def test_the_exponential_warms_up_and_falls_by_its_factor():
    schedule = Exponential(
        Exponential.Options(warm_up=3000, factor=0.01, every=4000000)
    )
    assert schedule.rate(0, 10, 1e-3) == 0.0
    assert schedule.rate(1500, 10, 1e-3) == pytest.approx(0.5e-3, rel=2e-3)
    assert schedule.rate(4000000, 10, 1e-3) == pytest.approx(1e-5)
    assert schedule.rate(2000000, 10, 1e-3) == pytest.approx(1e-4)


@pytest.mark.parametrize(
    ("ours", "wanted"),
    [
        (
            SGD(SGD.Options(lr=0.1, momentum=0.9, weight_decay=0.01)),
            lambda p: torch.optim.SGD(p, 0.1, 0.9, weight_decay=0.01),
        ),
        (
            AMSGrad(AMSGrad.Options(lr=0.1, eps=1e-7)),
            lambda p: torch.optim.Adam(p, 0.1, eps=1e-7, amsgrad=True),
        ),
    ],
)
def test_optimizers_step_as_torch_s(ours, wanted):
    ends = []
    for make in (ours.optimizer, wanted):
        weights = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
        optimizer = make([weights])
        for step in range(5):
            optimizer.zero_grad()
            (weights.square() * (5 - step)).sum().backward()
            optimizer.step()
        ends.append(weights.detach())
    assert torch.equal(*ends)
