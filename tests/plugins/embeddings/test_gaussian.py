import math

import pytest
import torch
from pydantic import ValidationError


def straight(value, centers, sigma):
    return [math.exp(-((value - center) ** 2) / (2 * sigma**2)) for center in centers]


CASES = {
    "as in coGN": ({"stop": 8.0}, [2.0, 4.0, 6.0, 8.0], math.sqrt(2.0)),
    "a center at the start": (
        {"stop": 6.0, "at_start": True, "sigma": "spacing"},
        [0.0, 2.0, 4.0, 6.0],
        2.0,
    ),
    "as in ALIGNN": (
        {"stop": 6.0, "at_start": True, "sigma": "sqrt_half_spacing"},
        [0.0, 2.0, 4.0, 6.0],
        1.0,
    ),
    "a start of its own": (
        {"start": -1.0, "stop": 1.0, "sigma": 0.3},
        [-0.5, 0.0, 0.5, 1.0],
        0.3,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_gaussian_sits_at_its_center(use, rows_of, case):
    options, centers, sigma = CASES[case]
    embedding = use("gaussian", of="length", bins=4, **options).build(None)
    assert embedding.width == 4
    assert embedding.basis_width is None
    assert embedding.needs == {"length"}
    values = [0.0, 0.7, 2.0, 8.0]
    rows = rows_of(length=torch.tensor(values, dtype=torch.float64))
    found, basis = embedding(rows, None)
    assert basis is None
    wanted = [straight(value, centers, sigma) for value in values]
    torch.testing.assert_close(found, torch.tensor(wanted, dtype=torch.float64))


def test_gaussians_of_an_angle_may_be_of_its_cosine(use, rows_of):
    options = {"bins": 4, "start": -1.0, "stop": 1.0, "sigma": 0.3}
    angle = torch.linspace(0, math.pi, 7, dtype=torch.float64)
    of_cosine = use("gaussian", of="angle", cosine=True, **options).build(None)
    plain = use("gaussian", of="x", **options).build(None)
    found = of_cosine(rows_of(angle=angle), None).features
    wanted = plain(rows_of(x=angle.cos()), None).features
    torch.testing.assert_close(found, wanted)


def test_the_precision_is_that_of_the_column(use, rows_of):
    embedding = use("gaussian", of="length", bins=4, stop=8.0).build(None)
    for dtype in (torch.float32, torch.float64):
        rows = rows_of(length=torch.ones(2, dtype=dtype))
        assert embedding(rows, None).features.dtype == dtype


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": 2.0, "stop": 2.0}, "`stop` above `start`"),
        ({"stop": 2.0, "bins": 1, "at_start": True}, "at least 2 bins"),
        ({"stop": 2.0, "sigma": 0.0}, "greater than 0"),
        ({"stop": 2.0, "sigma": "narrow"}, "'sqrt_spacing'.* or 'spacing'"),
    ],
)
def test_gaussians_that_make_no_sense_are_refused(use, options, message):
    with pytest.raises(ValidationError, match=message):
        use("gaussian", **{"of": "length", "bins": 4, **options})
