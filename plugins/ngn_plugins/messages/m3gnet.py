"""The blocks of M3GNet: its graph convolution, and the three-body step nested in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn
from ngn_plugins.messages.cutoffs import polynomial_cutoff
from ngn_plugins.messages.gated_mlp import GatedMLP


class M3GNet(ngn.MessageFunction):
    """Block of M3GNet, Chen & Ong 2022 (doi 10.1038/s43588-022-00349-3).

    For the bond from a center i to its neighbor j, with e0 the radial basis:
    many-body step, nested on edges: e_ij <- e_ij + gated[sum_k b_ijk], see
    `M3GNetThreeBody`;
    eq. 4: e_ij <- e_ij + gated[v_i, v_j, e_ij, u] * W e0_ij;
    eq. 5: v_i <- v_i + sum_j gated[v_i, v_j, e_ij, u] * W e0_ij;
    eq. 6: u <- MLP[u, mean of v], where there is a global state.

    Differs from the paper: the gated layer of the many-body step has no bias, as in
    matgl. With `first: sender` messages are summed at the neighbor, as in matgl up to
    2.0, which the published weights were trained with.
    """

    name = "m3gnet"

    class Options(ngn.Options):
        """Options of M3GNet's block."""

        layers: tuple[int, ...] = Field(
            (64, 64), description="layers of each update before its last one"
        )
        activation: ngn.ActivationName = Field("silu", description="of every MLP")
        first: Literal["sender", "receiver"] = Field(
            "receiver",
            description="the end that is a bond's center; with sender, bonds of one "
            "center share the sender, so that `graph.nest` has `use: sender`",
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        node, edge, three = dims.node, dims.edge, dims.line_basis
        assert node is not None
        if edge is None or dims.basis is None:
            raise ValueError(
                "edges with features, and with a basis to weight them; see "
                "`use: basis` with `features: true`"
            )
        function = options.activation
        self.far = None
        if three is not None:
            self.exposed_width = three
            self.far = nn.Linear(node, three)
            self.near = GatedMLP([three], [edge], function, bias=False)
        inputs = [node, node, edge, dims.state]
        self.phi_edge = GatedMLP(inputs, [*options.layers, edge], function)
        self.phi_node = GatedMLP(inputs, [*options.layers, node], function)
        self.edge_weight = nn.Linear(dims.basis, edge, bias=False)
        self.node_weight = nn.Linear(dims.basis, node, bias=False)
        if dims.state is not None:
            layers = [*options.layers, dims.state]
            self.phi_state = ngn.MLP([dims.state, node], layers, function)
        self.message_width = node

    def expose(self, edge, sender, receiver, state, graph):
        """Return sigmoid(W v_k + b) of each bond's neighbor k, [E, width of the basis].

        What is nested without a basis of angles has the edges themselves.
        """
        far = self.far
        if far is None:
            return edge
        _, neighbor = self._bond(sender, receiver)
        return neighbor.map(lambda node: far(node).sigmoid())

    def absorb(self, edge, nested, sender, receiver, state, graph):
        """Return the bond plus its gated three-body sum, [E, F_e]."""
        return nested if self.far is None else edge + self.near(nested)

    def update_edge(self, edge, sender, receiver, state, graph):
        """Return the bond plus its weighted update, [E, F_e]."""
        update = self.phi_edge(*self._bond(sender, receiver), edge, state)
        return edge + update * self.edge_weight(graph.basis)

    def message(self, edge, sender, receiver, state, graph):
        """Return the weighted message, [E, F_v]."""
        message = self.phi_node(*self._bond(sender, receiver), edge, state)
        return message * self.node_weight(graph.basis)

    def update_node(self, node, received, state, graph):
        """Return the node plus what it received, [N, F_v]."""
        return node + received

    def update_state(self, state, edge, node, graph):
        """Return the MLP of state and mean node, [B, F_u]; None without a state."""
        if state is None:
            return None
        return self.phi_state(state, graph.node.onto_crystal.mean(node))

    def _bond(
        self, sender: ngn.Endpoint, receiver: ngn.Endpoint
    ) -> tuple[ngn.Endpoint, ngn.Endpoint]:
        """Return the center and the neighbor of each bond."""
        if self.options.first == "sender":
            return sender, receiver
        return receiver, sender


class M3GNetThreeBody(ngn.MessageFunction):
    """Many-body step of M3GNet, nested in its block on edges (see `M3GNet`).

    b_ijk = j_l(z_ln r_ik / c) Y_l0(theta_jik) * sigmoid(W v_k + b) f(r_ij) f(r_ik),
    summed over the other bonds ik of the center, with f = 1 - 6 x^5 + 15 x^4 - 10 x^3
    of x = r / cutoff. The angle's basis holds the first two factors; the sum needs no
    weights of its own.
    """

    name = "m3gnet_three_body"
    needs = frozenset({"node.length"})

    class Options(ngn.Options):
        """Options of M3GNet's three-body step."""

        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="length of a bond from which on it is not seen"
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        if dims.basis is None or dims.basis != dims.node:
            raise ValueError(
                f"pairs with a basis of the width that is exposed to it, {dims.node}; "
                f"it has {dims.basis}; see `network.embed.angle`"
            )
        self.cutoff = options.cutoff
        self.message_width = dims.node

    def enter(self, node, edge, state, graph):
        """Return what is known of each bond's far end, faded to 0 at the cutoff."""
        return node * self._fade(graph), edge, state

    def message(self, edge, sender, receiver, state, graph):
        """Return b_ijk without f(r_ij), [A, width of the basis]."""
        return graph.basis * sender.features

    def update_node(self, node, received, state, graph):
        """Return the three-body sum of each bond, [E, width of the basis]."""
        return received * self._fade(graph)

    def _fade(self, graph: ngn.Graph) -> Tensor:
        """Return f of the length of each bond, [E, 1]."""
        length = graph.node.columns["length"]
        return polynomial_cutoff(length, self.options.cutoff).unsqueeze(1)
