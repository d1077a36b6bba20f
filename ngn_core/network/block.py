"""The template: one GN block, with a GN block on the line graph inside it, recursive.

Battaglia et al. 2018 (arXiv 1806.01261) for the block, Ruff et al. 2024
(doi 10.1039/D4DD00018H) for the nesting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from torch import Tensor, nn

from ngn_core.network.features import map_fields
from ngn_core.network.graph import Graph
from ngn_core.network.message_function import MessageFunction


class Block(nn.Module):
    """One GN block; its hooks say everything that differs between architectures.

    Args:
        hooks: the message function.
        nested: the block that runs on the line graph, or None.
        on: whether the nested block's nodes are the exposed edges or the messages.
        divide: what nodes receive is divided by it: the mean number of messages, say.
        key: of the spec, where the block stands.
    """

    def __init__(
        self,
        hooks: MessageFunction,
        nested: Blocks | None = None,
        on: Literal["edges", "messages"] | None = None,
        divide: float = 1.0,
        key: str = "",
    ) -> None:
        super().__init__()
        self.hooks = hooks
        self.nested = nested
        self.on = on
        self.divide = divide
        self.key = key

    def forward(
        self, levels: tuple[Any, ...], state: Tensor | None, graph: Graph
    ) -> tuple[tuple[Any, ...], Tensor | None]:
        """Return the features of all levels and the global state, updated.

        Args:
            levels: features of this graph's nodes, its edges, and every level above.
            state: [B, F] or None.
            graph: rows, weights and basis of the nodes and edges.
        """
        node, edge, *above = levels
        before = (node, edge, state)
        hooks = self.hooks
        node, edge, state = hooks.enter(node, edge, state, graph)
        ends = graph.ends(node)
        if self.nested is not None and self.on == "edges":
            exposed = hooks.expose(edge, *ends, graph.edge.of_crystal(state), graph)
            inner, state = self.nested((exposed, *above), state, graph.line)
            nested, *above = inner
            edge = hooks.absorb(
                edge, nested, *ends, graph.edge.of_crystal(state), graph
            )
        edge_state = graph.edge.of_crystal(state)
        edge, message = hooks.interact(edge, *ends, edge_state, graph)
        if self.nested is not None and self.on == "messages":
            inner, state = self.nested((message, *above), state, graph.line)
            message, *above = inner
        received = hooks.aggregate(message, graph)
        if self.divide != 1:
            received = map_fields(lambda field: field / self.divide, received)
        node = hooks.update_node(node, received, graph.node.of_crystal(state), graph)
        state = hooks.update_state(state, edge, node, graph)
        node, edge, state = hooks.leave(before, (node, edge, state), graph)
        return (node, edge, *above), state


class Blocks(nn.ModuleList):
    """Blocks one after the other, on one graph."""

    def forward(
        self, levels: tuple[Any, ...], state: Tensor | None, graph: Graph | None
    ) -> tuple[tuple[Any, ...], Tensor | None]:
        """Return the features of all levels and the state after the last block."""
        for block in self:
            levels, state = block(levels, state, graph)
        return levels, state

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Block]]:
        """Yield every block with the depth of its nesting, the nested ones after it."""
        for block in self:
            assert isinstance(block, Block)
            yield depth, block
            if block.nested is not None:
                yield from block.nested.walk(depth + 1)
