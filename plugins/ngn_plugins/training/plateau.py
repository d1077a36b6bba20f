"""A learning rate that falls where the validation loss does not any more."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import Field

import ngn_core.api as ngn


class Plateau(ngn.Schedule):
    """The optimizer's rate, multiplied by `factor` on each plateau of the loss.

    As torch's `ReduceLROnPlateau`, on the inner validation loss.

    Differs from torch: `patience` counts as Keras's does, and as `train.patience`;
    `least` is a share of the loss's absolute value.
    """

    name = "plateau"
    watches = True

    class Options(ngn.Options):
        """What a plateau is, and how far the rate falls."""

        factor: float = Field(0.5, gt=0, lt=1, description="what the rate falls by")
        patience: int = Field(
            10, gt=0, description="epochs without a better validation loss before it"
        )
        least: float = Field(
            1.0e-4, ge=0, lt=1, description="share by which a better loss is lower"
        )
        stop: float = Field(0.0, ge=0, description="learning rate it never falls below")

    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the optimizer's rate."""
        return start

    def after(self, losses: Sequence[float], rate: float) -> float:
        """Return the rate after the falls so far; one below `stop` stays."""
        options = self.options
        best, waited = math.inf, 0
        for loss in losses:
            bound = best - options.least * abs(best) if best < math.inf else best
            best, waited = (loss, 0) if loss < bound else (best, waited + 1)
            if waited == options.patience:
                rate, waited = max(rate * options.factor, min(rate, options.stop)), 0
        return float(rate)
