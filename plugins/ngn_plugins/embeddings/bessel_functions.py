"""Spherical Bessel functions of the first kind, and where they are 0."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor


def spherical_bessel(degree: int, x: Tensor) -> Tensor:
    """Return j_degree(x) of x >= 0, in any shape, as exact as the precision allows.

    A power series below degree + 1, recurrence upward in the degree above it: each
    where it does not cancel (Abramowitz & Stegun 10.1.2 and 10.1.19).
    """
    turn = degree + 1.0
    near = x < turn
    return torch.where(
        near,
        _series(degree, torch.where(near, x, 0.0)),
        _upward(degree, torch.where(near, turn, x)),
    )


def bessel_roots(degrees: int, count: int) -> np.ndarray:
    """Return the first positive roots of j_0 to j_(degrees - 1), [degrees, count].

    Between two neighboring roots of one degree lies one of the next.
    """
    from scipy.optimize import brentq
    from scipy.special import spherical_jn

    roots = np.arange(1, count + degrees) * math.pi  # j_0 is sin(x) / x
    table = [roots[:count]]
    for degree in range(1, degrees):
        roots = np.array(
            [
                brentq(lambda x, n=degree: spherical_jn(n, x), low, high, xtol=1e-14)
                for low, high in zip(roots, roots[1:], strict=False)
            ]
        )
        table.append(roots[:count])
    return np.stack(table)


def _series(degree: int, x: Tensor) -> Tensor:
    power = term = torch.ones_like(x)
    for factor in range(1, degree + 1):
        power = power * x / (2 * factor + 1)
    total, half = term, x.square() / 2
    for k in range(1, 12 + 2 * degree):
        term = term * half / (-k * (2 * degree + 2 * k + 1))
        total = total + term
    return power * total


def _upward(degree: int, x: Tensor) -> Tensor:
    below, here = x.cos() / x, x.sin() / x  # j_(-1) and j_0
    for lower in range(degree):
        below, here = here, (2 * lower + 1) / x * here - below
    return here
