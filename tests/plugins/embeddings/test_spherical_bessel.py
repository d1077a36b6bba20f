"""M3GNet's bases, by what defines them."""

import math

import pytest
import torch
from scipy.special import eval_legendre

import ngn_core.api as ngn
from ngn_core.network.level_batch import LevelBatch


@pytest.fixture
def radial(use):
    return use("spherical_bessel", degrees=3, functions=4, cutoff=5.0).build(None)


def test_functions_of_a_degree_are_orthonormal_in_the_ball(radial, rows_of):
    r = torch.linspace(1e-6, 5.0, 20_001, dtype=torch.float64)
    values, basis = radial(rows_of(length=r), None)
    assert basis is None
    assert values.shape == (len(r), radial.width)
    for of_degree in values.chunk(3, dim=1):  # the degree is the slow index
        products = of_degree.unsqueeze(1) * of_degree.unsqueeze(2)
        gram = torch.trapezoid(products * r.square().view(-1, 1, 1), r, dim=0)
        torch.testing.assert_close(gram, torch.eye(4).double(), rtol=0, atol=1e-6)


def test_they_are_exactly_zero_from_the_cutoff_on(radial, rows_of):
    length = torch.tensor([4.999, 5.0, 5.001, 7.3, 9.9], requires_grad=True)
    values, _ = radial(rows_of(length=length), None)
    assert (values[0] != 0).all()
    assert (values[1:] == 0).all()
    values.sum().backward()
    assert length.grad.isfinite().all()


@pytest.fixture
def angles(radial, rows_of):
    """Pairs of three edges, and what their level has below it."""
    edges = rows_of(length=torch.tensor([1.5, 2.5, 3.5], dtype=torch.float64))
    below = ngn.Embedded(None, radial(edges, None).features)
    angle = torch.tensor([0.0, 0.4, math.pi / 2, math.pi], dtype=torch.float64)
    index = torch.tensor([[0, 1, 2, 2], [1, 2, 0, 1]])
    ones, zeros = torch.ones(4), torch.zeros(4, dtype=torch.long)
    return LevelBatch({"angle": angle}, index, ones, ones, zeros, 1), below


def test_an_angle_has_its_sender_edge_s_functions_times_the_harmonics(angles, use):
    rows, below = angles
    widths = ngn.Widths(None, 12)
    harmonics = use("harmonics", degrees=3).build(widths)
    features, found = harmonics(rows, below)
    assert features is None
    assert found.shape == (4, 12)
    assert harmonics.basis_width == 12
    for a, (angle, sender) in enumerate(
        zip(rows.columns["angle"].tolist(), [0, 1, 2, 2], strict=True)
    ):
        y = [
            math.sqrt((2 * degree + 1) / (4 * math.pi))
            * float(eval_legendre(degree, math.cos(angle)))
            for degree in range(3)
        ]
        y = torch.tensor(y, dtype=torch.float64)
        wanted = below.basis[sender] * y.repeat_interleave(4)
        torch.testing.assert_close(found[a], wanted)


def test_a_clamp_keeps_straight_angles_from_being_straight(angles, use):
    rows, below = angles
    widths = ngn.Widths(None, 12)
    free = use("harmonics", degrees=3).build(widths)(rows, below).basis
    clamped = use("harmonics", degrees=3, clamp=1e-2).build(widths)(rows, below).basis
    assert torch.equal(free[1:3], clamped[1:3])
    assert not torch.isclose(free[[0, 3]], clamped[[0, 3]]).all()


@pytest.mark.parametrize(
    ("below", "found"),
    [(None, "no basis"), (ngn.Widths(8, None), "no basis"), (ngn.Widths(None, 8), "8")],
)
def test_harmonics_need_a_basis_of_as_many_degrees(use, below, found):
    with pytest.raises(ValueError, match=f"3 degrees on the level below.*{found}"):
        use("harmonics", degrees=3).build(below)


def test_a_basis_may_give_the_features_too(use, rows_of):
    rows = rows_of(length=torch.tensor([1.0, 2.0]))
    bessel = use("spherical_bessel", cutoff=5.0)
    both = use("basis", of=bessel, features=True)
    embedding = use("mlp", of=both, layers=(7,), activation="silu").build(None)
    assert (embedding.width, embedding.basis_width) == (7, 9)
    features, basis = embedding(rows, None)
    assert (features.shape, basis.shape) == ((2, 7), (2, 9))
    alone = use("basis", of=bessel).build(None)
    assert (alone.width, alone.basis_width) == (None, 9)
    assert alone(rows, None).features is None
