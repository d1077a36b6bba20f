"""Set2Set over atoms and edges, beside the global state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn
from ngn_plugins.readouts.pooled import Pool, pooled


class Set2SetReadout(ngn.Readout):
    """Readout of MEGNet (Chen et al. 2019): Set2Set of nodes and of edges, state.

    Attention is a mean; what grows with the cell is that times the atoms given.
    """

    name = "set2set"

    class Options(ngn.Options):
        """Options of the Set2Set readout."""

        steps: int = Field(2, gt=0, description="rounds of attention")
        layers: int = Field(1, gt=0, description="layers of the LSTM")
        pool: Pool = Field(
            "as_target",
            description="sum: times the number of atoms; as_target: sum per cell, else "
            "mean",
        )
        of: Literal["nodes and edges", "nodes", "edges"] = Field(
            "nodes and edges", description="what is pooled; edges where they have any"
        )

    def __init__(self, options: Options, dims: Sequence[ngn.Dims]) -> None:
        super().__init__(options, dims)
        self.extensive = options.pool == "sum"
        last = dims[-1]
        edge = None if options.of == "nodes" else last.edge
        if edge is None and options.of == "edges":
            raise ValueError("edges with features to pool, or `of: nodes`")
        self.width = last.state or 0
        if options.of != "edges":
            assert last.node is not None
            self.node_pool = ngn.Set2Set(last.node, options.steps, options.layers)
            self.width += 2 * last.node
        if edge is not None:
            self.edge_pool = ngn.Set2Set(edge, options.steps, options.layers)
            self.width += 2 * edge

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Tensor:
        """Return [nodes, edges, state], [B, 2 F_v + 2 F_e + F_u]."""
        node, edge, state = blocks[-1]
        parts, of = [], self.options.of
        if of != "edges":
            parts.append(self.node_pool(node, graph.node.onto_crystal))
        if edge is not None and of != "nodes":
            parts.append(self.edge_pool(edge, graph.edge.onto_crystal))
        if state is not None:
            parts.append(state)
        return pooled(self.options.pool, torch.cat(parts, dim=1), graph)
