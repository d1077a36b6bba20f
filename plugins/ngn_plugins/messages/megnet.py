"""MEGNet's block."""

from __future__ import annotations

from typing import Any

import torch
from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn


class MEGNet(ngn.MessageFunction):
    """Block of Chen et al. 2019 (doi 10.1021/acs.chemmater.9b01294).

    e' = phi_e[v_s, v_r, e, u]; v' = phi_v[v, mean of e' at v, u];
    u' = phi_u[u, mean of e', mean of v']; dense layers before, a skip around all.
    """

    name = "megnet"

    class Options(ngn.Options):
        """Options of MEGNet's block."""

        dense: tuple[int, ...] | None = Field(
            (64, 32), description="layers on node, edge and state before the block"
        )
        layers: tuple[int, ...] = Field(
            (64, 64, 32), min_length=1, description="layers of each update"
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        node, edge, state = dims.node, dims.edge, dims.state
        last = options.layers[-1]
        if not (node == edge == last and state in (None, last)):
            raise ValueError(
                f"node, edge and state of width {last}, the last of its layers, for "
                f"the skip around the block; they have {node}, {edge} and {state}"
            )
        if options.dense:
            self.dense = torch.nn.ModuleDict()
            for name, width in (("node", node), ("edge", edge), ("state", state)):
                if width is not None:
                    self.dense[name] = _mlp([width], options.dense)
            width = options.dense[-1]
            node, edge, state = width, width, None if state is None else width
        self.phi_edge = _mlp([node, node, edge, state], options.layers)
        self.phi_node = _mlp([node, last, state], options.layers)
        if state is not None:
            self.phi_state = _mlp([state, last, last], options.layers)
            self.state_width = last
        self.message_width = self.node_width = self.edge_width = last

    def enter(
        self, node: Tensor, edge: Tensor, state: Tensor | None, graph: ngn.Graph
    ) -> ngn.BlockState:
        """Return node, edge and state after the dense layers."""
        if not self.options.dense:
            return node, edge, state
        entered = None if state is None else self.dense["state"](state)
        return self.dense["node"](node), self.dense["edge"](edge), entered

    def update_edge(
        self,
        edge: Tensor,
        sender: ngn.Endpoint,
        receiver: ngn.Endpoint,
        state: ngn.Endpoint,
        graph: ngn.Graph,
    ) -> Any:
        """Return phi_e, [E, layers[-1]]."""
        return self.phi_edge(sender, receiver, edge, state)

    def message(
        self,
        edge: Tensor,
        sender: ngn.Endpoint,
        receiver: ngn.Endpoint,
        state: ngn.Endpoint,
        graph: ngn.Graph,
    ) -> Tensor:
        """Return the new edge itself, [E, layers[-1]]."""
        return edge

    def aggregate(self, message: Tensor, graph: ngn.Graph) -> Any:
        """Return the mean of the messages at each node, [N, layers[-1]]."""
        return graph.onto_receiver.mean(message)

    def update_node(
        self, node: Tensor, received: Tensor, state: ngn.Endpoint, graph: ngn.Graph
    ) -> Any:
        """Return phi_v, [N, layers[-1]]."""
        return self.phi_node(node, received, state)

    def update_state(
        self, state: Tensor | None, edge: Tensor, node: Tensor, graph: ngn.Graph
    ) -> Any:
        """Return phi_u, [B, layers[-1]]; None where there is no state."""
        if state is None:
            return None
        edges = graph.edge.onto_crystal.mean(edge)
        nodes = graph.node.onto_crystal.mean(node)
        return self.phi_state(state, edges, nodes)

    def leave(
        self, before: ngn.BlockState, after: ngn.BlockState, graph: ngn.Graph
    ) -> ngn.BlockState:
        """Return what the block made, plus what it was given."""
        node, edge, state = after
        state = None if state is None or before[2] is None else before[2] + state
        return before[0] + node, before[1] + edge, state


def _mlp(inputs: list[int | None], layers: tuple[int, ...]) -> ngn.MLP:
    return ngn.MLP(inputs, layers, "shifted_softplus")
