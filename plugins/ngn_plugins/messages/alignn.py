"""ALIGNN's edge-gated convolution, on the crystal's graph and on its line graph."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional

import ngn_core.api as ngn

EPSILON = 1e-6
"""Added to the sum of the gates, as in the authors' code."""


class Gated(NamedTuple):
    """What an edge sends: the gated value, and the gate, each [E, F_v]."""

    value: Tensor
    gate: Tensor


class ALIGNN(ngn.MessageFunction):
    """Edge-gated convolution, Choudhary & DeCost 2021 (doi 10.1038/s41524-021-00650-1).

    m_ij = A v_i + B v_j + C e_ij; the gates are s = sigmoid(m), divided by their sum at
    i. e_ij <- e_ij + silu(norm(m_ij)) and
    v_i <- v_i + silu(norm(W_src v_i + sum_j s_ij W_dst v_j / (sum_j s_ij + epsilon))).

    The gate and the new edge share m. The paper's layer is a convolution of the atoms
    and then one of the line graph, whose nodes are the edges; here the line graph is
    nested, before the atoms' convolution, so that the layers are shifted by half: one
    block without a nest, one with for each layer, and the rest without.
    """

    name = "alignn"

    def __init__(self, options: ngn.Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        if dims.node is None or dims.node != dims.edge:
            raise ValueError(
                "nodes and edges of one width, to which its updates are added; they "
                f"have {dims.node} and {dims.edge}"
            )
        width = dims.node
        self.gate = ngn.JoinedLinear([width, width, width], width)
        self.sent = nn.Linear(width, width)
        self.kept = nn.Linear(width, width)
        self.edge_norm = ngn.BatchNorm(width)
        self.node_norm = ngn.BatchNorm(width)
        self.message_width = width

    def interact(self, edge, sender, receiver, state, graph):
        """Return the new edges, [E, F_e], and the gated values with their gates."""
        m = self.gate(receiver, sender, edge)
        gate = m.sigmoid()
        edge = edge + functional.silu(self.edge_norm(m, graph.edge))
        return edge, Gated(gate * sender.map(self.sent), gate)

    def update_node(self, node, received, state, graph):
        """Return the nodes with their normalized update, [N, F_v]."""
        arrived = received.value / (received.gate + EPSILON)
        update = self.node_norm(self.kept(node) + arrived, graph.node)
        return node + functional.silu(update)
