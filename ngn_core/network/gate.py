"""The interface of gates: how a new feature and the old one become one."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from torch import Tensor, nn

from ngn_core.plugin import options


class Gate(nn.Module):
    """Joins an old feature and its update."""

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any, width: int) -> None:
        super().__init__()
        self.options = options

    @abstractmethod
    def forward(self, old: Tensor, update: Tensor) -> Tensor:
        """Return the joined feature, [n, width] each."""
