"""The interface of heads: the crystal's vector to the prediction."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from torch import Tensor, nn

from ngn_core.plugin import options


class Head(nn.Module):
    """Maps the readout's vector to the prediction.

    Attributes:
        width: number of outputs.
    """

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any, width: int) -> None:
        super().__init__()
        self.options = options
        self.width = width

    @abstractmethod
    def forward(self, crystal: Tensor) -> Tensor:
        """Return [B, outputs] from [B, F]."""
