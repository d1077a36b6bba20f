"""What every block gave the atoms, added up and pooled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn
from ngn_plugins.readouts.pooled import Pool, pooled


class EveryBlock(ngn.Readout):
    """Sum of the atoms' features over all blocks, then mean or sum over the atoms."""

    name = "every_block"
    every_block = True

    class Options(ngn.Options):
        """Options of the readout of every block."""

        pool: Pool = Field(
            "as_target",
            description="over the atoms; as_target: sum per cell, else mean",
        )

    def __init__(self, options: Options, dims: Sequence[ngn.Dims]) -> None:
        super().__init__(options, dims)
        widths = {block.node for block in dims}
        if len(widths) != 1:
            found = ", ".join(str(block.node) for block in dims)
            raise ValueError(f"nodes of one width after every block; they have {found}")
        self.extensive = options.pool == "sum"

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Any:
        """Return the pooled sum of all blocks, [B, F_v]."""
        nodes: Tensor = sum(node for node, _, _ in blocks)
        mean = graph.node.onto_crystal.mean(nodes)
        return pooled(self.options.pool, mean, graph)
