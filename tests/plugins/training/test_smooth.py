"""Laws of Huber's loss."""

import pytest
import torch

from ngn_plugins.training.smooth import Huber


@pytest.fixture
def loss():
    return Huber(Huber.Options(delta=0.5))


def test_small_errors_count_as_their_square(loss):
    output = torch.tensor([0.1, -0.3], dtype=torch.float64)
    expected = (0.1**2 + 0.3**2) / 2 / (2 * 0.5)
    assert loss(output, torch.zeros_like(output)).item() == pytest.approx(expected)


def test_large_errors_count_as_they_are(loss):
    output = torch.tensor([3.0, -7.0], dtype=torch.float64, requires_grad=True)
    loss(output, torch.zeros_like(output)).backward()
    assert output.grad.tolist() == [0.5, -0.5]


def test_value_and_slope_are_continuous(loss):
    target = torch.zeros(1, dtype=torch.float64)
    at = torch.tensor([0.5 - 1e-9, 0.5 + 1e-9], dtype=torch.float64, requires_grad=True)
    below, above = (loss(error.unsqueeze(0), target) for error in at)
    assert below.item() == pytest.approx(above.item(), abs=1e-8)
    (below + above).backward()
    assert at.grad[0].item() == pytest.approx(at.grad[1].item(), abs=1e-8)


def test_a_delta_of_nothing_is_refused():
    with pytest.raises(ValueError, match="delta"):
        Huber.Options(delta=0.0)
