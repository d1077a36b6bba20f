"""The interface of schedules: the learning rate over the steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from ngn_core.plugin import options


class Schedule(ABC):
    """The learning rate as a function of the optimizer step, and of what came out.

    A schedule keeps nothing between calls: what it knows, it is told.
    """

    name: ClassVar[str]
    watches: ClassVar[bool] = False
    """Whether the validation loss matters; then a spec must keep a validation part."""

    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the learning rate of a step, 0 <= step < steps, from the first one."""

    def after(self, losses: Sequence[float], rate: float) -> float:
        """Return the learning rate of a step after some epochs; by default `rate`.

        Args:
            losses: of the inner validation part after each epoch so far.
            rate: what `rate` returns for the step.
        """
        return rate
