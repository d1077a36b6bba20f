"""Losses."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

import ngn_core.api as ngn


class MeanAbsoluteError(ngn.Loss):
    """Mean of |output - target|."""

    name = "mae"
    task = "regression"

    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the mean loss of [B] outputs."""
        return functional.l1_loss(output, target)


class MeanSquaredError(ngn.Loss):
    """Mean of (output - target)^2."""

    name = "mse"
    task = "regression"

    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the mean loss of [B] outputs."""
        return functional.mse_loss(output, target)


class BinaryCrossEntropy(ngn.Loss):
    """Mean cross entropy of logits against 0/1."""

    name = "bce"
    task = "binary"

    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the mean loss of [B] logits."""
        return functional.binary_cross_entropy_with_logits(output, target)
