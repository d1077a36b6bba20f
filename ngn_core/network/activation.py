"""Activation functions by name."""

from __future__ import annotations

import math
from typing import Literal

from torch import Tensor, nn
from torch.nn import functional

ActivationName = Literal[
    "silu", "softplus", "shifted_softplus", "relu", "tanh", "sigmoid", "identity"
]


class ShiftedSoftplus(nn.Module):
    """Softplus less log 2, so that 0 stays 0 (Schütt et al. 2018)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return log(1 + exp x) - log 2, element by element."""
        return functional.softplus(x) - math.log(2.0)


_ACTIVATIONS: dict[ActivationName, type[nn.Module]] = {
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
    "shifted_softplus": ShiftedSoftplus,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "identity": nn.Identity,
}


def activation(name: ActivationName) -> nn.Module:
    """Return the activation function of a name."""
    return _ACTIVATIONS[name]()
