"""DimeNet's bases, beside torch-geometric's and scipy's own."""

import math

import numpy as np
import pytest
import torch
from scipy.special import eval_legendre, spherical_jn
from torch_geometric.nn.models.dimenet import BesselBasisLayer, SphericalBasisLayer

import ngn_core.api as ngn
from ngn_core.network.level_batch import LevelBatch
from ngn_plugins.embeddings.bessel import envelope

CUTOFF = 4.5


@pytest.fixture
def edges(rows_of):
    length = torch.linspace(0.7, 5.5, 40, dtype=torch.float64)
    return rows_of(length=length)


@pytest.fixture
def angles():
    """Every edge beside every fourth one, at some angle."""
    sender = torch.arange(40).repeat(10)
    receiver = torch.arange(0, 40, 4).repeat_interleave(40)
    angle = torch.linspace(0, math.pi, 400, dtype=torch.float64)
    ones = torch.ones(400, dtype=torch.float64)
    zeros = torch.zeros(400, dtype=torch.long)
    index = torch.stack([sender, receiver])
    return LevelBatch({"angle": angle}, index, ones, ones, zeros, 1)


@pytest.fixture
def bessel(use):
    """A function that makes the edges' embedding, in float64."""

    def make(**options):
        return use("bessel", cutoff=CUTOFF, **options).build(None).double()

    return make


@pytest.mark.parametrize("exponent", [3, 5])
def test_the_sines_are_those_of_torch_geometric(bessel, edges, exponent):
    features, basis = bessel(functions=5, envelope=exponent)(edges, None)
    assert features is None
    theirs = BesselBasisLayer(5, CUTOFF, exponent).double()
    torch.testing.assert_close(
        basis.radial, theirs(edges.columns["length"]), rtol=1e-6, atol=1e-7
    )


def test_the_angle_basis_is_that_of_torch_geometric(bessel, use, edges, angles):
    embedding = bessel(functions=3, degrees=2)
    below = embedding(edges, None)
    angle = use("bessel_angle").build(ngn.Widths(None, embedding.basis_width))
    assert angle.basis_width == 6
    found = angle(angles, below).basis
    theirs = SphericalBasisLayer(2, 3, CUTOFF, 5)
    wanted = theirs(
        edges.columns["length"], math.pi - angles.columns["angle"], angles.index[0]
    )
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=2e-5)


def test_the_angle_basis_is_made_of_roots_and_legendre_polynomials(
    bessel, use, edges, angles
):
    embedding = bessel(functions=6, degrees=7)
    angle = use("bessel_angle").build(ngn.Widths(None, embedding.basis_width))
    assert angle.basis_width == 42
    found = angle(angles, embedding(edges, None)).basis.detach().numpy()
    sent = edges.columns["length"][angles.index[0]]
    x = (sent / CUTOFF).numpy()
    fading = envelope(sent / CUTOFF, 5).numpy()
    onward = np.cos(math.pi - angles.columns["angle"].numpy())
    for degree in range(7):
        around = math.sqrt((2 * degree + 1) / (4 * math.pi))
        around = around * eval_legendre(degree, onward)
        for number in range(6):
            root = float(embedding.roots[degree, number])
            assert abs(spherical_jn(degree, root)) < 1e-13
            scale = math.sqrt(2) / abs(spherical_jn(degree + 1, root))
            wanted = fading * scale * spherical_jn(degree, root * x) * around
            column = found[:, 6 * degree + number]
            np.testing.assert_allclose(column, wanted, rtol=1e-9, atol=1e-10)


def test_all_is_exactly_nothing_from_the_cutoff_on(bessel, rows_of):
    length = torch.tensor([4.5, 4.5 + 1e-12, 4.6, 9.0, 30.0], dtype=torch.float64)
    for part in bessel()(rows_of(length=length), None).basis:
        assert (part == 0).all()


@pytest.mark.parametrize("exponent", [1, 5, 6])
def test_the_envelope_ends_smoothly(exponent):
    x = torch.tensor([1 - 1e-4], dtype=torch.float64, requires_grad=True)
    value = envelope(x, exponent)
    (slope,) = torch.autograd.grad(value, x, create_graph=True)
    (bend,) = torch.autograd.grad(slope, x)
    assert abs(value) < 1e-10
    assert abs(slope) < 1e-5
    assert abs(bend) < 0.1


def test_angles_without_bessel_functions_are_refused(use):
    for below in (None, ngn.Widths(None, None), ngn.Widths(8, 5)):
        with pytest.raises(ValueError, match="edges with `use: bessel`"):
            use("bessel_angle").build(below)
