"""The interface of estimators: baselines that need no graph."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from ngn_core.plugin import options

if TYPE_CHECKING:
    from ngn_core.crystal.crystal import Crystal


class BaselineEstimator(ABC):
    """Learns from crystals and targets, and predicts, in the target's own unit.

    Args:
        options: what the spec says.
        task: `regression`, or `binary` with targets 0 and 1.
        seed: same crystals, same seed, same predictions.
    """

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(
        self, options: Any, task: Literal["regression", "binary"], seed: int
    ) -> None:
        self.options = options
        self.task = task
        self.seed = seed

    @abstractmethod
    def fit(self, crystals: Sequence[Crystal], targets: np.ndarray) -> None:
        """Learn from the training part; targets are [n]."""

    @abstractmethod
    def predict(self, crystals: Sequence[Crystal]) -> np.ndarray:
        """Return the predictions, [n]; of binary targets the probability of 1."""
