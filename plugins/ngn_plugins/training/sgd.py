"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from pydantic import Field
from torch import nn

import ngn_core.api as ngn


class SGD(ngn.Optimizer):
    """Stochastic gradient descent with momentum (Sutskever et al. 2013)."""

    name = "sgd"

    class Options(ngn.Options):
        """Options of stochastic gradient descent."""

        lr: float = Field(gt=0, description="learning rate at the start")
        momentum: float = Field(0.0, ge=0, lt=1, description="decay of the mean")
        weight_decay: float = Field(0.0, ge=0, description="decay of the weights")

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return torch's SGD."""
        options = self.options
        return torch.optim.SGD(
            parameters,
            options.lr,
            momentum=options.momentum,
            weight_decay=options.weight_decay,
        )
