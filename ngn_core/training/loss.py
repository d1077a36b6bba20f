"""The interface of losses: what training makes small."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal

from torch import Tensor, nn

from ngn_core.plugin import options


class Loss(nn.Module):
    """A differentiable number to make small.

    Attributes:
        task: what it is for; binary losses take logits.
    """

    name: ClassVar[str]
    task: ClassVar[Literal["regression", "binary"]]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        super().__init__()
        self.options = options

    @abstractmethod
    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the mean loss of a batch from [B] and [B]."""
