"""Cutoff functions: from 1 at length 0 down to 0 at the cutoff, and 0 beyond it."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def cosine_cutoff(length: Tensor, cutoff: float) -> Tensor:
    """Return (cos(pi length / cutoff) + 1) / 2, and 0 beyond the cutoff, [E]."""
    inside = (torch.cos(length * (math.pi / cutoff)) + 1) / 2
    return torch.where(length < cutoff, inside, 0.0)


def polynomial_cutoff(length: Tensor, cutoff: float) -> Tensor:
    """Return 1 - 10 x^3 + 15 x^4 - 6 x^5 of x = length / cutoff, 0 beyond it, [E]."""
    x = length / cutoff
    inside = 1 + x**3 * (-10 + x * (15 - 6 * x))
    return torch.where(length < cutoff, inside, 0.0)
