"""MEGNet's block."""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field

import ngn_core.api as ngn


class MEGNet(ngn.MessageFunction):
    """Block of Chen et al. 2019 (doi 10.1021/acs.chemmater.9b01294).

    e' = phi_e[v_s, v_r, e, u]; v' = phi_v[v, mean of e' at v, u];
    u' = phi_u[u, mean of e', mean of v']; dense layers before, a skip around all.
    The direction is that of the paper and of matgl up to 2.0; matgl 4 sums messages at
    the bond's start, which is `first: receiver`.
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
        activation: ngn.ActivationName = Field(
            "shifted_softplus", description="after every layer"
        )
        first: Literal["sender", "receiver"] = Field(
            "sender", description="the end that phi_e takes for v_s, the bond's start"
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        node, edge, state = dims.node, dims.edge, dims.state
        function = options.activation
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
                    self.dense[name] = ngn.MLP([width], options.dense, function)
            width = options.dense[-1]
            node, edge, state = width, width, None if state is None else width
        self.phi_edge = ngn.MLP([node, node, edge, state], options.layers, function)
        self.phi_node = ngn.MLP([node, last, state], options.layers, function)
        if state is not None:
            self.phi_state = ngn.MLP([state, last, last], options.layers, function)
            self.state_width = last
        self.message_width = self.node_width = self.edge_width = last

    def enter(self, node, edge, state, graph):
        """Return node, edge and state after the dense layers."""
        if not self.options.dense:
            return node, edge, state
        entered = None if state is None else self.dense["state"](state)
        return self.dense["node"](node), self.dense["edge"](edge), entered

    def update_edge(self, edge, sender, receiver, state, graph):
        """Return phi_e, [E, layers[-1]]."""
        if self.options.first == "receiver":
            sender, receiver = receiver, sender
        return self.phi_edge(sender, receiver, edge, state)

    def message(self, edge, sender, receiver, state, graph):
        """Return the new edge itself, [E, layers[-1]]."""
        return edge

    def aggregate(self, message, graph):
        """Return the mean of the messages at each node, [N, layers[-1]]."""
        return graph.onto_receiver.mean(message)

    def update_node(self, node, received, state, graph):
        """Return phi_v, [N, layers[-1]]."""
        return self.phi_node(node, received, state)

    def update_state(self, state, edge, node, graph):
        """Return phi_u, [B, layers[-1]]; None where there is no state."""
        if state is None:
            return None
        edges = graph.edge.onto_crystal.mean(edge)
        nodes = graph.node.onto_crystal.mean(node)
        return self.phi_state(state, edges, nodes)

    def leave(self, before, after, graph):
        """Return what the block made, plus what it was given."""
        node, edge, state = after
        state = None if state is None or before[2] is None else before[2] + state
        return before[0] + node, before[1] + edge, state
