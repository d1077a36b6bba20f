"""The interface of message functions: the hooks of one block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor, nn

from ngn_core.plugin import options

if TYPE_CHECKING:
    from ngn_core.network.endpoint import Endpoint
    from ngn_core.network.graph import Graph

BlockState = tuple[Any, Any, Tensor | None]
"""Node features, edge features and global state, as a block takes and gives them."""


@dataclass(frozen=True)
class Dims:
    """Widths of what a block is given; None where there is no such feature.

    In a nested block `node` is the width that the parent exposes or sends.

    Attributes:
        node: F_v.
        edge: F_e.
        state: width of the global state.
        basis: width of the level's basis, as its embedding says it.
        line_basis: width of the next level's basis, for a block with a nest on edges.
    """

    node: int | None
    edge: int | None
    state: int | None = None
    basis: Any = None
    line_basis: Any = None


class MessageFunction(nn.Module):
    """The hooks of a block; every hook that is not given is the identity.

    `message` and `update_node` come together or not at all. Features are None, a tensor
    or a NamedTuple of tensors with one first axis. `state` is an endpoint over edges in
    `expose`, `absorb`, `interact`, `update_edge` and `message`, over nodes in
    `update_node`, and a [B, F] tensor in `enter`, `update_state` and `leave`.

    Attributes:
        needs: columns that the hooks read, `node.column` or `edge.column`: nodes and
            edges of the graph that the block runs on, also where it is nested.
        invariant: whether outputs ignore directions; if not, quotients are refused.
        counts_multiplicity: whether sums count an edge as often as it stands for
            others; if not, orbits are refused.
        message_width: F_m, for a nest on messages.
        exposed_width: width of what `expose` returns, for a nest on edges.
        node_width: F_v after `update_node`.
        node_fields: the NamedTuple that node features are after the block, None for a
            tensor. Its first field, of width `node_width`, is what readouts see; the
            next block has the same `node_fields`.
        edge_width: F_e after `interact`.
        cutoff: length of an edge from which on it passes nothing on, Å, where it is
            nested of each edge of a pair; None: there is none.
        state_width: width of the state after `update_state`.
    """

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options
    needs: ClassVar[frozenset[str]] = frozenset()
    invariant: ClassVar[bool] = True
    node_fields: ClassVar[type[tuple[Any, ...]] | None] = None
    counts_multiplicity: ClassVar[bool] = True

    def __init__(self, options: Any, dims: Dims) -> None:
        super().__init__()
        self.options = options
        self.cutoff: float | None = None
        self.message_width = dims.edge
        self.exposed_width = dims.edge
        self.node_width = dims.node
        self.edge_width = dims.edge
        self.state_width = dims.state

    def observe(self, graph: Graph) -> None:
        """See a batch of the training part before training starts.

        For what is fitted on data and kept in buffers. In a nested block it is the line
        graph; its columns and weights are there, no features.
        """

    def enter(self, node: Any, edge: Any, state: Any, graph: Graph) -> BlockState:
        """Return node, edge and state as the block works on them."""
        return node, edge, state

    def expose(
        self,
        edge: Any,
        sender: Endpoint,
        receiver: Endpoint,
        state: Endpoint,
        graph: Graph,
    ) -> Any:
        """Return what the nested block has as its nodes, [E, F]."""
        return edge

    def absorb(
        self,
        edge: Any,
        nested: Any,
        sender: Endpoint,
        receiver: Endpoint,
        state: Endpoint,
        graph: Graph,
    ) -> Any:
        """Return the edge features after the nested block gave `nested`, [E, F_e]."""
        return nested

    def interact(
        self,
        edge: Any,
        sender: Endpoint,
        receiver: Endpoint,
        state: Endpoint,
        graph: Graph,
    ) -> tuple[Any, Any]:
        """Return the new edge features and the message, [E, F_e] and [E, F_m]."""
        edge = self.update_edge(edge, sender, receiver, state, graph)
        return edge, self.message(edge, sender, receiver, state, graph)

    def update_edge(
        self,
        edge: Any,
        sender: Endpoint,
        receiver: Endpoint,
        state: Endpoint,
        graph: Graph,
    ) -> Any:
        """Return the new edge features, [E, F_e]."""
        return edge

    def message(
        self,
        edge: Any,
        sender: Endpoint,
        receiver: Endpoint,
        state: Endpoint,
        graph: Graph,
    ) -> Any:
        """Return the message of each edge to its receiver, [E, F_m]."""
        return None

    def aggregate(self, message: Any, graph: Graph) -> Any:
        """Return what each node receives, [N, F_m]: the weighted sum."""
        return None if message is None else graph.onto_receiver.sum(message)

    def update_node(
        self, node: Any, received: Any, state: Endpoint, graph: Graph
    ) -> Any:
        """Return the new node features, [N, F_v]."""
        return node

    def update_state(
        self, state: Tensor | None, edge: Any, node: Any, graph: Graph
    ) -> Tensor | None:
        """Return the new global state, [B, F]."""
        return state

    def leave(self, before: BlockState, after: BlockState, graph: Graph) -> BlockState:
        """Return what the block gives, from what it was given and what it made."""
        return after
