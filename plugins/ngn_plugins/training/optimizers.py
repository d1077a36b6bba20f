"""Optimizers."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from pydantic import Field
from torch import nn

import ngn_core.api as ngn


class Adam(ngn.Optimizer):
    """Kingma & Ba 2015 (arXiv 1412.6980)."""

    name = "adam"

    class Options(ngn.Options):
        """Options of Adam."""

        lr: float = Field(gt=0, description="learning rate at the start")
        beta1: float = Field(0.9, ge=0, lt=1, description="decay of the mean")
        beta2: float = Field(0.999, ge=0, lt=1, description="decay of the square")
        eps: float = Field(1.0e-8, gt=0, description="added to the denominator")

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return torch's Adam."""
        options = self.options
        betas = (options.beta1, options.beta2)
        return torch.optim.Adam(parameters, options.lr, betas, options.eps)


class AdamW(ngn.Optimizer):
    """Loshchilov & Hutter 2019 (arXiv 1711.05101)."""

    name = "adamw"

    class Options(Adam.Options):
        """Options of AdamW."""

        weight_decay: float = Field(0.01, ge=0, description="decay of the weights")

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return torch's AdamW."""
        options = self.options
        betas = (options.beta1, options.beta2)
        return torch.optim.AdamW(
            parameters, options.lr, betas, options.eps, options.weight_decay
        )
