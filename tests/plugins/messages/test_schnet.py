import pytest
import torch

from ngn_plugins.messages.schnet import cosine_cutoff


def test_the_filter_falls_from_one_to_nothing_at_the_cutoff_and_stays_there():
    length = torch.tensor([0.0, 2.5, 5.0, 5.5, 9.9], dtype=torch.float64)
    found = cosine_cutoff(length, 5.0)
    assert found.tolist() == pytest.approx([1.0, 0.5, 0.0, 0.0, 0.0])
    assert (found[2:] == 0).all()


def test_the_filter_is_smooth_at_the_cutoff():
    length = torch.tensor([5.0 - 1e-6, 5.0 + 1e-6], requires_grad=True)
    cosine_cutoff(length, 5.0).sum().backward()
    torch.testing.assert_close(length.grad, torch.zeros(2), atol=1e-5, rtol=0)
