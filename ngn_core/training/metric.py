"""The interface of metrics: what a test fold is scored by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np

from ngn_core.plugin import options


class Metric(ABC):
    """A score of predictions against targets, in the target's unit.

    Attributes:
        title: as tables print it.
        task: what it is for; binary metrics take probabilities.
        better: whether small or large scores are better; `neither` for what describes
            the test part alone.
        unit: `target` for the target's own unit, else the unit itself.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    task: ClassVar[Literal["regression", "binary"]]
    better: ClassVar[Literal["lower", "higher", "neither"]]
    unit: ClassVar[str] = ""
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return the score of some predictions; NaN where it is not defined.

        Args:
            prediction: [n], in the target's unit, or probabilities; float64.
            target: [n], what is true; float64.
        """
