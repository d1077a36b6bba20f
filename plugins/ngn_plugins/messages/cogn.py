"""The blocks of coGN and coNGN, and the block that coNGN nests on the line graph."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn


class CoGN(ngn.MessageFunction):
    """Block of coGN and coNGN, Ruff et al. 2024 (doi 10.1039/D4DD00018H).

    m_k = MLP[e_k, v_receiver, v_sender]; v_i <- v_i + MLP(sum of m_k at i). Edge
    features are not updated. Layer counts as in the authors' configuration.
    """

    name = "cogn"

    class Options(ngn.Options):
        """Options of the block of coGN and coNGN."""

        message_layers: int = Field(5, gt=0, description="layers of the message MLP")
        node_layers: int = Field(1, gt=0, description="layers of the node MLP")

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        width = dims.node
        self.message_mlp = ngn.MLP(
            [dims.edge, width, width], [width] * options.message_layers, "silu"
        )
        self.node_mlp = ngn.MLP([width], [width] * options.node_layers, "silu")
        self.message_width = width

    def message(
        self,
        edge: Tensor,
        sender: ngn.Endpoint,
        receiver: ngn.Endpoint,
        state: ngn.Endpoint,
        graph: ngn.Graph,
    ) -> Any:
        """Return the message MLP, [E, F_v]."""
        return self.message_mlp(edge, receiver, sender)

    def update_node(
        self, node: Tensor, received: Tensor, state: ngn.Endpoint, graph: ngn.Graph
    ) -> Any:
        """Return the node plus the MLP of what it received, [N, F_v]."""
        return node + self.node_mlp(received)


class CoGNLine(ngn.MessageFunction):
    """Block that coNGN nests on the line graph, Ruff et al. 2024 (see `CoGN`).

    q_kl = MLP[angle_kl, m_k, m_l]; m_k <- gate(m_k, MLP(sum of q_kl at k)).
    """

    name = "cogn_line"

    class Options(ngn.Options):
        """Options of the block that coNGN nests."""

        layers: int = Field(2, gt=0, description="layers of each MLP")
        gate: Annotated[ngn.Use, ngn.Kind("gate")] = Field(
            description="joins a message and its update"
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        width = dims.node
        layers = [width] * options.layers
        self.message_mlp = ngn.MLP([dims.edge, width, width], layers, "silu")
        self.node_mlp = ngn.MLP([width], layers, "silu")
        self.gate = options.gate.build(width)
        self.message_width = width

    def message(
        self,
        edge: Tensor,
        sender: ngn.Endpoint,
        receiver: ngn.Endpoint,
        state: ngn.Endpoint,
        graph: ngn.Graph,
    ) -> Any:
        """Return q, [A, F_m]."""
        return self.message_mlp(edge, receiver, sender)

    def update_node(
        self, node: Tensor, received: Tensor, state: ngn.Endpoint, graph: ngn.Graph
    ) -> Any:
        """Return the gated message, [E, F_m]."""
        return self.gate(node, self.node_mlp(received))
