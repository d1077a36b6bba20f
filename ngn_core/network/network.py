"""A whole network: embeddings, blocks, readout, head."""

from __future__ import annotations

from torch import Tensor, nn

from ngn_core.network.batch import Batch
from ngn_core.network.block import Blocks, BlockState
from ngn_core.network.embedding import Embeddings
from ngn_core.network.graph import tower
from ngn_core.plugin.interfaces.head import Head
from ngn_core.plugin.interfaces.readout import Readout


class Network(nn.Module):
    """Predicts one vector a crystal from its graph.

    Args:
        embeddings: first features of the levels and the state.
        blocks: GN blocks in order.
        readout: pooling over each crystal.
        head: from the pooled vector to the prediction; None: it is the prediction.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        blocks: Blocks,
        readout: Readout,
        head: Head | None,
    ) -> None:
        super().__init__()
        self.embeddings = embeddings
        self.blocks = blocks
        self.readout = readout
        self.head = head

    def forward(self, batch: Batch) -> Tensor:
        """Return the predictions, [B, outputs]."""
        embedded, state = self.embeddings(batch.levels, batch.crystals)
        graph = tower(batch.levels, [level.basis for level in embedded], batch.crystals)
        levels = tuple(level.features for level in embedded)
        outputs: list[BlockState] = []
        for block in self.blocks:
            levels, state = block(levels, state, graph)
            outputs.append((levels[0], levels[1], state))
            if not self.readout.every_block:
                del outputs[:-1]
        pooled: Tensor = self.readout(outputs, graph)
        return pooled if self.head is None else self.head(pooled)
