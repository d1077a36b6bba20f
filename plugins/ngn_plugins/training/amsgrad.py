"""Adam with a second moment that never falls."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

import ngn_core.api as ngn
from ngn_plugins.training.optimizers import Adam


class AMSGrad(ngn.Optimizer):
    """Reddi, Kale & Kumar 2018 (arXiv 1904.09237)."""

    name = "amsgrad"
    Options = Adam.Options

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return torch's Adam with `amsgrad`."""
        options = self.options
        betas = (options.beta1, options.beta2)
        return torch.optim.Adam(
            parameters, options.lr, betas, options.eps, amsgrad=True
        )
