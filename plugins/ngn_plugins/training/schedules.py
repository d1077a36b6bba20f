"""Learning rate schedules."""

from __future__ import annotations

import math

from pydantic import Field

import ngn_core.api as ngn


class Linear(ngn.Schedule):
    """A straight line from the optimizer's rate to `stop`."""

    name = "linear"

    class Options(ngn.Options):
        """Where the schedule ends."""

        stop: float = Field(0.0, ge=0, description="learning rate after the last step")

    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the rate on the line."""
        return float(start + (self.options.stop - start) * min(step / steps, 1.0))


class Cosine(ngn.Schedule):
    """Half a cosine from the optimizer's rate to `stop` (arXiv 1608.03983)."""

    name = "cosine"
    Options = Linear.Options

    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the rate on the cosine."""
        stop = self.options.stop
        share = (1 + math.cos(math.pi * min(step / steps, 1.0))) / 2
        return float(stop + (start - stop) * share)
