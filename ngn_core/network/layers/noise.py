"""Noise that training adds."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Noise(nn.Module):
    """Adds noise of a normal distribution in training, and nothing else.

    Args:
        deviation: of the noise, in the unit of what it is added to.
    """

    def __init__(self, deviation: float) -> None:
        super().__init__()
        self.deviation = deviation

    def forward(self, x: Tensor) -> Tensor:
        """Return x, in training with noise drawn for each entry."""
        if not self.training:
            return x
        return x + self.deviation * torch.randn_like(x)

    def extra_repr(self) -> str:
        """Return the deviation."""
        return f"deviation={self.deviation:g}"
