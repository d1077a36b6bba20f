"""The interface of schedules: the learning rate over the steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from ngn_core.plugin import options


class Schedule(ABC):
    """The learning rate as a function of the optimizer step."""

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def rate(self, step: int, steps: int, start: float) -> float:
        """Return the learning rate of a step, 0 <= step < steps, from the first one."""
