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


class OneCycle(ngn.Schedule):
    """Up to the optimizer's rate and down to almost nothing (arXiv 1708.07120).

    Half a cosine each way, as in torch's `OneCycleLR` with its defaults.

    Differs from torch: the optimizer's momentum stays.
    """

    name = "one_cycle"

    class Options(ngn.Options):
        """Options of one cycle."""

        warm_up: float = Field(
            0.3, gt=0, lt=1, description="share of the steps on the way up"
        )
        first: float = Field(
            0.04, gt=0, le=1, description="rate of the first step, of the largest"
        )
        last: float = Field(
            4.0e-6, ge=0, le=1, description="rate of the last step, of the largest"
        )

    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the rate on the two half cosines."""
        options = self.options
        top = options.warm_up * steps - 1
        if step <= top:
            share = _falling(step / top) if top > 0 else 0.0
            return float(start * (1 + (options.first - 1) * share))
        left = max(steps - 1 - top, 1e-9)
        share = _falling(min((step - top) / left, 1.0))
        return float(start * (options.last + (1 - options.last) * share))


def _falling(part: float) -> float:
    """Return half a cosine from 1 to 0."""
    return (1 + math.cos(math.pi * part)) / 2
