"""CGCNN's convolution."""

from __future__ import annotations

from pydantic import Field
from torch.nn import functional

import ngn_core.api as ngn


class CGCNN(ngn.MessageFunction):
    """Gated convolution of Xie & Grossman 2018 (doi 10.1103/PhysRevLett.120.145301).

    Eq. 5: v_i <- v_i + sum_j,k sigmoid(z W_f + b_f) * g(z W_s + b_s), with
    z = [v_i, v_j, u_(i,j)k].

    Differs from the paper: as in the authors' code, batch normalization of z W + b and
    of the sum, and g = softplus around the residual sum too.
    """

    name = "cgcnn"

    class Options(ngn.Options):
        """Options of CGCNN's convolution."""

        batch_norm: bool = Field(True, description="normalize z W + b, and the sum")

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        self.gate_and_core = ngn.JoinedLinear(
            [dims.node, dims.node, dims.edge], 2 * dims.node
        )
        self.message_width = dims.node
        if options.batch_norm:
            self.edge_norm = ngn.BatchNorm(2 * dims.node)
            self.node_norm = ngn.BatchNorm(dims.node)

    def message(self, edge, sender, receiver, state, graph):
        """Return sigmoid(gate) * softplus(core), [E, F_v]."""
        z = self.gate_and_core(receiver, sender, edge)
        if self.options.batch_norm:
            z = self.edge_norm(z, graph.edge)
        gate, core = z.chunk(2, dim=1)
        return gate.sigmoid() * functional.softplus(core)

    def update_node(self, node, received, state, graph):
        """Return softplus(node + received), [N, F_v]."""
        if self.options.batch_norm:
            received = self.node_norm(received, graph.node)
        return functional.softplus(node + received)
