"""The blocks of coGN and coNGN, and the block that coNGN nests on the line graph."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

import ngn_core.api as ngn

Width = Annotated[int, Field(gt=0)]
Layers = Width | Annotated[tuple[Width, ...], Field(min_length=1)]
"""How many layers, as wide as the nodes, or the width of each."""


class CoGN(ngn.MessageFunction):
    """Block of coGN and coNGN, Ruff et al. 2024 (doi 10.1039/D4DD00018H).

    m_k = MLP[e_k, v_receiver, v_sender]; v_i <- v_i + MLP(sum of m_k at i). Edge
    features are not updated. Layer counts as in the authors' configuration.
    """

    name = "cogn"

    class Options(ngn.Options):
        """Options of the block of coGN and coNGN."""

        message_layers: Layers = Field(5, description="layers of the message MLP")
        node_layers: Layers = Field(1, description="layers of the node MLP")

    def __init__(
        self, options: Options, dims: ngn.Dims, gate: ngn.Use | None = None
    ) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        width = dims.node
        message = _widths(options.message_layers, width)
        node = _widths(options.node_layers, width)
        if node[-1] != width:
            raise ValueError(
                f"node_layers that end with {width}, the width of the nodes that they "
                f"update; they end with {node[-1]}"
            )
        self.message_mlp = ngn.MLP([dims.edge, width, width], message, "silu")
        self.node_mlp = ngn.MLP([message[-1]], node, "silu")
        self.gate = None if gate is None else gate.build(width)
        self.message_width = message[-1]

    def message(self, edge, sender, receiver, state, graph):
        """Return the message MLP, [E, F_m]."""
        return self.message_mlp(edge, receiver, sender)

    def update_node(self, node, received, state, graph):
        """Return the node joined with the MLP of what it received, [N, F_v]."""
        update = self.node_mlp(received)
        return node + update if self.gate is None else self.gate(node, update)


class CoGNLine(CoGN):
    """Block that coNGN nests on the line graph, Ruff et al. 2024 (see `CoGN`).

    q_kl = MLP[angle_kl, m_k, m_l]; m_k <- gate(m_k, MLP(sum of q_kl at k)).
    """

    name = "cogn_line"

    class Options(CoGN.Options):
        """Options of the block that coNGN nests."""

        message_layers: Layers = Field(2, description="layers of the message MLP")
        node_layers: Layers = Field(2, description="layers of the node MLP")
        gate: Annotated[ngn.Use, ngn.Kind("gate")] = Field(
            description="joins a message and its update"
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims, options.gate)


def _widths(layers: Layers, width: int) -> list[int]:
    """Return the width of each layer."""
    return [width] * layers if isinstance(layers, int) else list(layers)
