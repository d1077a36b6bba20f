"""Targets as the network sees them, fitted on the training part alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor


@dataclass(frozen=True)
class Scaling:
    """Standardized regression targets; logits of binary ones.

    Attributes:
        task: regression or binary.
        mean: of the training part, in the target's unit.
        std: the same; 1 where all training targets are equal.
    """

    task: Literal["regression", "binary"]
    mean: float = 0.0
    std: float = 1.0

    @classmethod
    def fit(cls, task: Literal["regression", "binary"], targets: Tensor) -> Scaling:
        """Return the scaling of the training part's targets, [n]."""
        if task == "binary":
            return cls(task)
        std = targets.double().std(correction=0).item()
        return cls(task, targets.double().mean().item(), std if std > 0 else 1.0)

    def scaled(self, targets: Tensor) -> Tensor:
        """Return targets as the loss sees them."""
        return (targets - self.mean) / self.std

    def predictions(self, outputs: Tensor) -> Tensor:
        """Return outputs as predictions: in the target's unit, or as probabilities."""
        if self.task == "binary":
            return outputs.sigmoid()
        return outputs * self.std + self.mean
