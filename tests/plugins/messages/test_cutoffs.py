import pytest
import torch

from ngn_plugins.messages.cutoffs import cosine_cutoff, polynomial_cutoff

BOTH = pytest.mark.parametrize("cutoff", [cosine_cutoff, polynomial_cutoff])


@BOTH
def test_it_falls_from_one_to_nothing_and_stays_there(cutoff):
    length = torch.tensor([0.0, 2.5, 5.0, 5.5, 9.9], dtype=torch.float64)
    found = cutoff(length, 5.0)
    assert found.tolist() == pytest.approx([1.0, 0.5, 0.0, 0.0, 0.0])
    assert (found[2:] == 0).all()


@BOTH
def test_it_is_smooth_at_the_cutoff(cutoff):
    length = torch.tensor([5.0 - 1e-6, 5.0 + 1e-6], requires_grad=True)
    cutoff(length, 5.0).sum().backward()
    torch.testing.assert_close(length.grad, torch.zeros(2), atol=1e-5, rtol=0)
