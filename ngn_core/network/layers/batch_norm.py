"""Batch normalization that counts each row as often as the whole crystal has it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ngn_core.network.rows import Rows


class BatchNorm(nn.Module):
    """Ioffe & Szegedy 2015 (arXiv 1502.03167), over the elements of whole crystals.

    Under a quotient the mean, the variance and the count n of a batch are those of all
    symmetry-equivalent rows together, so that training on the quotient is training on
    the crystal.

    Args:
        width: F.
        eps: added to the variance.
        momentum: share of a batch in the running statistics.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, width: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.register_buffer("running_mean", torch.zeros(width))
        self.register_buffer("running_var", torch.ones(width))
        self.eps = eps
        self.momentum = momentum

    def forward(self, x: Tensor, rows: Rows) -> Tensor:
        """Return the normalized [n, F] of the rows."""
        mean, variance = self.running_mean, self.running_var
        if self.training and len(x) > 0:
            weight = rows.weight.to(x.dtype)
            count = weight.sum()
            share = (weight / count).unsqueeze(1)
            mean = (share * x).sum(0)
            variance = (share * (x - mean).square()).sum(0)
            self._remember(mean.detach(), variance.detach(), count)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return (x - mean) * scale + self.bias

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor, count: Tensor) -> None:
        unbiased = variance * count / (count - 1).clamp(min=1)
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(unbiased, self.momentum)
