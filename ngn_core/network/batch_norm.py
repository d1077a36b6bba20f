"""Batch normalization that counts each row as often as the whole crystal has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from ngn_core.network.all_reduce import all_reduce_sum, is_distributed
from ngn_core.network.level_batch import LevelBatch


class BatchNorm(nn.Module):
    """Ioffe & Szegedy 2015 (arXiv 1502.03167), over the elements of whole crystals.

    Under a quotient the mean, the variance and the count n of a batch are those of all
    symmetry-equivalent rows together, so that training on the quotient is training on
    the crystal. On several devices they are those of the whole batch, too.

    Args:
        width: F.
        eps: added to the variance.
        momentum: share of a batch in the running statistics.

    Attributes:
        counted: whether the rows are of the batch; where they are not, they are
            normalized as those that are, on other devices.
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
        self.counted = True

    def forward(self, x: Tensor, rows: LevelBatch) -> Tensor:
        """Return the normalized [n, F] of the rows."""
        if not self.training or (len(x) == 0 and not is_distributed()):
            scale = self.weight * torch.rsqrt(self.running_var + self.eps)
            return torch.addcmul(self.bias, x - self.running_mean, scale)
        weight = rows.weight.to(x.dtype)
        if not self.counted:
            weight = torch.zeros_like(weight)
        count = all_reduce_sum(weight.sum())
        share = weight / _at_least_one(count)
        normalize = _steps if torch.compiler.is_compiling() else _normalized
        y, mean, variance = normalize(x, share, self.weight, self.bias, self.eps)
        self._remember(mean.detach(), variance.detach(), count)
        return y

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor, count: Tensor) -> None:
        unbiased = variance * count / (count - 1).clamp(min=1)
        if is_distributed():  # and where none has a row, there is nothing to remember
            mean = torch.where(count > 0, mean, self.running_mean)
            unbiased = torch.where(count > 0, unbiased, self.running_var)
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(unbiased, self.momentum)


class _Normalized(Function):
    """[n, F] normalized by its own mean and variance, with its gradient written out.

    With c = x - mean and s = gain / std, the gradient of x is
    s g - share (s sum(g) + c s sum(g c) / std^2): four passes over [n, F], where one
    step after the other takes twelve.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, share: Tensor, gain: Tensor, bias: Tensor, eps: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        mean = all_reduce_sum(share @ x)
        centered = x - mean
        variance = all_reduce_sum(share @ centered.square())
        inverse = torch.rsqrt(variance + eps)
        ctx.save_for_backward(centered, share, gain, inverse)
        ctx.mark_non_differentiable(mean, variance)
        return torch.addcmul(bias, centered, gain * inverse), mean, variance

    @staticmethod
    @once_differentiable  # and a second time it says so
    def backward(ctx: Any, gradient: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        centered, share, gain, inverse = ctx.saved_tensors
        to_bias = gradient.sum(0)
        to_gain = (gradient * centered).sum(0) * inverse
        scale = gain * inverse
        through_mean = all_reduce_sum(to_bias) * scale
        through_variance = all_reduce_sum(to_gain) * scale * inverse
        to_x = torch.addcmul(through_mean, centered, through_variance)
        to_x.mul_(-share.unsqueeze(1)).addcmul_(gradient, scale)
        return to_x, None, to_gain, to_bias, None


_normalized: Callable[..., tuple[Tensor, Tensor, Tensor]] = _Normalized.apply


def _steps(
    x: Tensor, share: Tensor, gain: Tensor, bias: Tensor, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the same for a compiler, which writes the gradient out itself."""
    mean = share @ x
    centered = x - mean
    variance = share @ centered.square()
    scale = gain * torch.rsqrt(variance + eps)
    return torch.addcmul(bias, centered, scale), mean, variance


def _at_least_one(count: Tensor) -> Tensor:
    """Return a count to divide by; several devices may have no row at all."""
    return count.clamp(min=1) if is_distributed() else count
