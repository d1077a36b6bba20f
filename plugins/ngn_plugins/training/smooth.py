"""A loss that is quadratic for small errors."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor
from torch.nn import functional

import ngn_core.api as ngn


class Huber(ngn.Loss):
    """Huber 1964 (doi 10.1214/aoms/1177703732), with the slope of `mae` far away.

    Mean of e^2 / (2 delta) where |e| < delta, else of |e| - delta / 2.

    Differs from the paper: divided by delta.
    """

    name = "huber"
    task = "regression"

    class Options(ngn.Options):
        """Options of Huber's loss."""

        delta: float = Field(
            gt=0, description="error where the parabola ends, in standard deviations"
        )

    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the mean loss of [B] outputs."""
        return functional.smooth_l1_loss(output, target, beta=self.options.delta)
