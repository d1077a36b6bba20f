import math

import pytest
import torch
from scipy.special import spherical_jn

from ngn_plugins.embeddings.bessel_functions import bessel_roots, spherical_bessel

X = torch.cat([torch.logspace(-6, 0, 60), torch.linspace(1, 60, 400)]).double()


@pytest.mark.parametrize("degree", range(9))
def test_spherical_bessel_functions_are_those_of_scipy(degree):
    wanted = torch.from_numpy(spherical_jn(degree, X.numpy()))
    found = spherical_bessel(degree, X)
    torch.testing.assert_close(found, wanted, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("degree", range(9))
def test_they_keep_the_precision_that_they_are_given(degree):
    wanted = torch.from_numpy(spherical_jn(degree, X.float().double().numpy()))
    found = spherical_bessel(degree, X.float())
    torch.testing.assert_close(found.double(), wanted, rtol=3e-5, atol=3e-7)


def test_their_values_and_slopes_are_finite_at_zero():
    x = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    values = torch.stack([spherical_bessel(degree, x) for degree in range(4)])
    assert values[:, 0].tolist() == [1.0, 0.0, 0.0, 0.0]
    values.sum().backward()
    assert x.grad.tolist() == pytest.approx([1 / 3] * 3)  # of j_1 alone


def test_each_root_is_one_and_none_is_left_out():
    roots = bessel_roots(6, 5)
    assert roots.shape == (6, 5)
    assert roots[0].tolist() == pytest.approx([n * math.pi for n in range(1, 6)])
    for degree, row in enumerate(roots):
        values = spherical_bessel(degree, torch.from_numpy(row))
        assert values.abs().max() < 1e-14
        grid = torch.linspace(1e-3, row[-1] + 1e-3, 20_000, dtype=torch.float64)
        signs = spherical_bessel(degree, grid).sign()
        assert (signs.diff() != 0).sum() == 5
