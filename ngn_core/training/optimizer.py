"""The interface of optimizers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

import torch
from torch import nn

from ngn_core.plugin import options


class Optimizer(ABC):
    """Makes a torch optimizer."""

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return a torch optimizer of the parameters."""
