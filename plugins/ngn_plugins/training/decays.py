"""Learning rates that stay for a while, warm up, or fall by steps."""

from __future__ import annotations

from pydantic import Field

import ngn_core.api as ngn


class HeldLinear(ngn.Schedule):
    """The optimizer's rate for a while, then a straight line to `stop`.

    As in kgcnn's `LinearLearningRateScheduler`, of its MatBench submissions.

    Differs from kgcnn: the rate changes with each step, not with each epoch.
    """

    name = "held_linear"

    class Options(ngn.Options):
        """When the line begins and where it ends."""

        hold: float = Field(
            ge=0, lt=1, description="share of the steps before the line"
        )
        stop: float = Field(0.0, ge=0, description="learning rate after the last step")

    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the rate: constant, then on the line."""
        options = self.options
        share = (step / steps - options.hold) / (1 - options.hold)
        return float(start + (options.stop - start) * min(max(share, 0.0), 1.0))


class Exponential(ngn.Schedule):
    """Linearly up to the optimizer's rate, and by `factor` down every `every` steps.

    As in the authors' training of DimeNet++: the warm-up multiplies the decay.
    """

    name = "exponential"

    class Options(ngn.Options):
        """Lengths in optimizer steps, whatever the length of the training."""

        warm_up: int = Field(0, ge=0, description="steps on the way up")
        factor: float = Field(gt=0, lt=1, description="what the rate falls by")
        every: int = Field(gt=0, description="steps in which it falls by that")

    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the warm-up's share of the decayed rate."""
        options = self.options
        up = min(step / options.warm_up, 1.0) if options.warm_up else 1.0
        return float(start * up * options.factor ** (step / options.every))


class Steps(ngn.Schedule):
    """The optimizer's rate, multiplied by `factor` at each of some shares of the steps.

    Torch's `MultiStepLR`, with shares of the training in place of epochs.
    """

    name = "steps"

    class Options(ngn.Options):
        """When the rate falls, and by how much."""

        at: tuple[float, ...] = Field(description="shares of the steps, from 0 to 1")
        factor: float = Field(0.1, gt=0, lt=1, description="what the rate falls by")

    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the rate after the falls so far."""
        fallen = sum(step >= share * steps for share in self.options.at)
        return float(start * self.options.factor**fallen)
