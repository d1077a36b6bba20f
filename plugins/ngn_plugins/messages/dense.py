"""A block that adds its features to those of all blocks before it."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import nn

import ngn_core.api as ngn


class Dense(ngn.MessageFunction):
    """coGN's block with dense connections instead of a residual, our own.

    m_k = MLP[e_k, v_receiver, v_sender]; v_i <- [v_i, MLP(sum of m_k at i)]. A block
    sees the features of all blocks before it, and so does the readout: each block only
    adds `growth` of them (Huang et al. 2017, arXiv 1608.06993; that it helps crystal
    networks on small sets is from Du et al. 2024, doi 10.1038/s41524-024-01444-x).

    Dropout leaves out features that a block adds, of an atom and its equivalents.
    """

    name = "dense"

    class Options(ngn.Options):
        """Options of the dense block."""

        growth: int = Field(gt=0, description="features that the block adds to a node")
        width: int = Field(gt=0, description="width of the messages")
        message_layers: int = Field(3, gt=0, description="layers of the message MLP")
        node_layers: int = Field(1, gt=0, description="layers of the node MLP")
        dropout: float = Field(
            0.0, ge=0, lt=1, description="share of added features left out in training"
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        inputs = [dims.edge, dims.node, dims.node]
        self.message_mlp = ngn.MLP(
            inputs, [options.width] * options.message_layers, "silu"
        )
        self.node_mlp = ngn.MLP(
            [options.width], [options.growth] * options.node_layers, "silu"
        )
        self.dropout = nn.Dropout(options.dropout)
        self.message_width = options.width
        self.node_width = dims.node + options.growth

    def message(self, edge, sender, receiver, state, graph):
        """Return the message MLP, [E, width]."""
        return self.message_mlp(edge, receiver, sender)

    def update_node(self, node, received, state, graph):
        """Return the node beside the MLP of what it received, [N, F_v + growth]."""
        return torch.cat([node, self.dropout(self.node_mlp(received))], dim=1)
