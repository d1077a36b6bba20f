"""The interface of readouts: features of levels to one vector a crystal."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor, nn

from ngn_core.network.message_function import Dims
from ngn_core.plugin import options

if TYPE_CHECKING:
    from ngn_core.network.graph import Graph
    from ngn_core.network.message_function import BlockState


AS_TARGET = "as_target"
"""Pooling that is chosen when the target is known: sum per cell, else mean."""


class Readout(nn.Module):
    """Pools what the blocks gave over each crystal, weights included.

    An option `pool` that is `as_target` becomes `mean` or `sum` before a trial, as the
    target is declared; without a target it means `mean`.

    Attributes:
        every_block: whether it reads every block's output, or only the last one's.
        width: width of the vector it gives.
        extensive: whether that vector grows with the number of atoms given, as a sum
            does; a readout whose options decide sets it in `__init__`.
    """

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options
    every_block: ClassVar[bool] = False
    extensive: bool = False

    def __init__(self, options: Any, dims: Sequence[Dims]) -> None:
        super().__init__()
        self.options = options
        self.width: int = dims[-1].node or 0

    @abstractmethod
    def forward(self, blocks: Sequence[BlockState], graph: Graph) -> Tensor:
        """Return one vector a crystal, [B, width].

        Args:
            blocks: (node, edge, state) after the blocks that it reads.
            graph: rows, weights and `.onto_crystal`.
        """
