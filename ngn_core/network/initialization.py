"""The interface of initializations: how fresh weights are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from torch import nn

from ngn_core.plugin import options


class Initialization(ABC):
    """Draws the weights of a fresh network."""

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def draw(self, module: nn.Module) -> None:
        """Draw the parameters of one module, not of its children, in place."""
