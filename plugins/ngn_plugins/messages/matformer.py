"""Matformer's layer: attention without softmax."""

from __future__ import annotations

import math

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

import ngn_core.api as ngn


class Matformer(ngn.MessageFunction):
    """Layer of Matformer, Yan et al. 2022 (arXiv 2209.11807).

    For each head, with q, k, v of the atoms and e' of the edge, all C wide:
    alpha_ij = [q_i, q_i, q_i] * [k_i, k_j, e'_ij] / sqrt(3 C);
    m_ij = norm(W_m (W_u [v_i, v_j, e'_ij] * sigmoid(norm(alpha_ij))));
    v_i <- W_s v_i + silu(norm(W_h [sum_j m_ij of every head])).

    The gate is sigmoid, not softmax, so that an atom's degree is seen. Edges are not
    updated; heads share W_u, W_m and the layer norms.
    """

    name = "matformer"

    class Options(ngn.Options):
        """Options of Matformer's layer."""

        heads: int = Field(4, gt=0, description="heads of attention")

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        if dims.node is None or dims.edge is None:
            raise ValueError("nodes and edges with features")
        width, wide = dims.node, options.heads * dims.node
        self.query = nn.Linear(width, wide)
        self.key = nn.Linear(width, wide)
        self.value = nn.Linear(width, wide)
        self.edge = nn.Linear(dims.edge, wide, bias=False)
        self.gate_norm = nn.LayerNorm(3 * width)
        self.joined = ngn.JoinedLinear([width, width, width], 3 * width)
        self.narrow = nn.Linear(3 * width, width)
        self.message_norm = nn.LayerNorm(width)
        self.heads = nn.Linear(wide, width)
        self.node_norm = ngn.BatchNorm(width)
        self.skip = nn.Linear(width, width)
        self.message_width = wide

    def message(self, edge, sender, receiver, state, graph):
        """Return the gated messages of all heads, [E, heads * F_v]."""
        heads = self.options.heads

        def split(x: Tensor) -> Tensor:
            return x.view(x.shape[0], heads, x.shape[1] // heads)

        query, key, value, near = (
            split(layer(x))
            for layer, x in (
                (self.query, receiver.source),
                (self.key, receiver.source),
                (self.value, receiver.source),
                (self.edge, edge),
            )
        )
        query = query / math.sqrt(3 * query.shape[2])  # fewer atoms than edges
        _, at_receiver = graph.ends(query)
        _, with_itself = graph.ends(query * key)
        sent_key, _ = graph.ends(key)
        sent, received = graph.ends(value)
        asked = at_receiver.features
        alpha = torch.cat(
            [with_itself.features, asked * sent_key.features, asked * near], dim=2
        )
        gate = self.gate_norm(alpha).sigmoid_()
        update = self.narrow(self.joined(received, sent, near) * gate)
        return self.message_norm(update).flatten(1)

    def update_node(self, node, received, state, graph):
        """Return the skip plus the normalized sum of all heads, [N, F_v]."""
        update = self.node_norm(self.heads(received), graph.node)
        return self.skip(node) + functional.silu(update)
