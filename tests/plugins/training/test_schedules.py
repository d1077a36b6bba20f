import pytest
import torch

from ngn_plugins.training.schedules import OneCycle


@pytest.mark.parametrize("steps", [10, 33, 1000])
def test_one_cycle_is_that_of_torch(steps):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.AdamW([parameter], lr=1.0)
    torchs = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, steps)
    ours = OneCycle(OneCycle.Options())
    for step in range(steps):
        wanted = optimizer.param_groups[0]["lr"]
        assert ours.rate(step, steps, 0.01) == pytest.approx(wanted, rel=1e-9)
        optimizer.step()
        torchs.step() if step + 1 < steps else None


def test_one_cycle_of_few_steps_stays_between_its_ends():
    for steps in (1, 2, 3, 4):
        rates = [OneCycle(OneCycle.Options()).rate(s, steps, 1.0) for s in range(steps)]
        assert all(0 < rate <= 1 for rate in rates)
