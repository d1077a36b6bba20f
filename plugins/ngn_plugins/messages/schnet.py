"""SchNet's interaction."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from torch import nn

import ngn_core.api as ngn
from ngn_plugins.messages.cutoffs import cosine_cutoff


class SchNet(ngn.MessageFunction):
    """Continuous-filter convolution of Schütt et al. 2018 (doi 10.1063/1.5019779).

    x_i <- x_i + dense(ssp(dense(sum_j dense(x_j) * W(r_ij)))), the filter W made from
    the edge's basis; edges have no features of their own.

    Differs from the paper: the filter is multiplied by a cosine cutoff, as in
    SchNetPack and torch-geometric, here exactly 0 beyond it.
    """

    name = "schnet"
    needs = frozenset({"edge.length"})

    class Options(ngn.Options):
        """Options of SchNet's interaction."""

        filters: int = Field(128, gt=0, description="width of the filter")
        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="length where the filter has fallen to 0"
        )

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        if dims.basis is None:
            raise ValueError("a basis to make its filter of; see `use: basis`")
        width = options.filters
        self.filter = ngn.MLP(
            [dims.basis], [width, width], "shifted_softplus", activate_last=False
        )
        self.sent = nn.Linear(dims.node, width, bias=False)
        self.received = nn.Linear(width, dims.node)
        self.activation = ngn.activation("shifted_softplus")
        self.update = nn.Linear(dims.node, dims.node)
        self.cutoff = options.cutoff
        self.message_width = width

    def message(self, edge, sender, receiver, state, graph):
        """Return dense(x_j) * W(r_ij), [E, filters]."""
        cutoff = cosine_cutoff(graph.edge.columns["length"], self.options.cutoff)
        weights = self.filter(graph.basis) * cutoff.unsqueeze(1)
        return sender.map(self.sent) * weights

    def update_node(self, node, received, state, graph):
        """Return the node with its residual update, [N, F_v]."""
        return node + self.update(self.activation(self.received(received)))
