"""Set2Set over atoms and edges, beside the global state."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn


class Set2SetReadout(ngn.Readout):
    """Readout of MEGNet (Chen et al. 2019): Set2Set of nodes and of edges, state."""

    name = "set2set"

    class Options(ngn.Options):
        """Options of the Set2Set readout."""

        steps: int = Field(2, gt=0, description="rounds of attention")
        layers: int = Field(1, gt=0, description="layers of the LSTM")

    def __init__(self, options: Options, dims: Sequence[ngn.Dims]) -> None:
        super().__init__(options, dims)
        last = dims[-1]
        assert last.node is not None
        self.node_pool = ngn.Set2Set(last.node, options.steps, options.layers)
        self.width = 2 * last.node + (last.state or 0)
        if last.edge is not None:
            self.edge_pool = ngn.Set2Set(last.edge, options.steps, options.layers)
            self.width += 2 * last.edge

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Tensor:
        """Return [nodes, edges, state], [B, 2 F_v + 2 F_e + F_u]."""
        node, edge, state = blocks[-1]
        parts = [self.node_pool(node, graph.node.onto_crystal)]
        if edge is not None:
            parts.append(self.edge_pool(edge, graph.edge.onto_crystal))
        if state is not None:
            parts.append(state)
        return torch.cat(parts, dim=1)
