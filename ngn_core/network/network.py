"""A whole network: embeddings, blocks, readout, head."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ngn_core.network.batch import Batch
from ngn_core.network.block import Block, Blocks
from ngn_core.network.embeddings import Embeddings
from ngn_core.network.features import first_field
from ngn_core.network.graph import Graph, nest_levels
from ngn_core.network.head import Head
from ngn_core.network.message_function import BlockState, MessageFunction
from ngn_core.network.readout import Readout


class Network(nn.Module):
    """Predicts one vector a crystal from its graph.

    After an extensive readout the head is given what it pooled by atom of the given
    cell, and its answer is multiplied by their number: the prediction grows as the
    readout does, whatever the head computes.

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
        graph = nest_levels(
            batch.levels, [level.basis for level in embedded], batch.crystals
        )
        levels = tuple(level.features for level in embedded)
        outputs: list[BlockState] = []
        for block in self.blocks:
            levels, state = block(levels, state, graph)
            node, edge, *_ = map(first_field, levels)
            outputs.append((node, edge, state))
            if not self.readout.every_block:
                del outputs[:-1]
        pooled: Tensor = self.readout(outputs, graph)
        if self.head is None:
            return pooled
        atoms: Tensor | float = 1.0
        if self.readout.extensive:
            atoms = graph.crystals.columns["atoms"].to(pooled.dtype).unsqueeze(1)
        prediction: Tensor = self.head(pooled / atoms) * atoms
        return prediction

    @torch.no_grad()
    def observe(self, batches: Iterable[Batch]) -> None:
        """Show the training part to the hooks that fit something on it."""
        if not any(_observes(block.hooks) for _, block in self.blocks.walk()):
            return
        for batch in batches:
            bases = [None] * len(batch.levels)
            _observe(self.blocks, nest_levels(batch.levels, bases, batch.crystals))


def _observes(hooks: MessageFunction) -> bool:
    return type(hooks).observe is not MessageFunction.observe


def _observe(blocks: Blocks, graph: Graph) -> None:
    for block in blocks:
        assert isinstance(block, Block)
        block.hooks.observe(graph)
        if block.nested is not None and graph.line is not None:
            _observe(block.nested, graph.line)
