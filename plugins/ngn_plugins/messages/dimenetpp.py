"""The blocks of DimeNet++: messages are embedded, and triplets are nested in them."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn
from ngn_plugins.embeddings.bessel import BesselWidths
from ngn_plugins.messages.dimenetpp_output import DimeNetPPOutput, OutputOptions


class DimeNetPPEmbedding(ngn.MessageFunction):
    """First block of DimeNet++, Gasteiger et al. 2020 (arXiv 2011.14115).

    m_ji = act([h_j, h_i, act(rbf W)] W), and what its output block gives the atoms.
    """

    name = "dimenetpp_embedding"
    Options = OutputOptions

    def __init__(self, options: OutputOptions, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        width = dims.node
        assert width is not None
        radial = _radial(dims)
        self.activation = ngn.activation(options.activation)
        self.radial = nn.Linear(radial, width)
        self.embed = ngn.JoinedLinear([width, width, width], width)
        self.output = DimeNetPPOutput(options, radial, width)
        self.edge_width = self.message_width = width
        self.node_width = options.outputs

    def update_edge(self, edge, sender, receiver, state, graph):
        """Return the embedded messages m_ji, [E, F_v]; there were no edges before."""
        radial = self.activation(self.radial(graph.basis.radial))
        return self.activation(self.embed(receiver, sender, radial))

    def message(self, edge, sender, receiver, state, graph):
        """Return what the output block sums, [E, F_e]."""
        return self.output.weighted(edge, graph)

    def update_node(self, node, received, state, graph):
        """Return this block's share of each atom's output, [N, outputs]."""
        return self.output(received)


class DimeNetPP(ngn.MessageFunction):
    """Interaction block of DimeNet++, Gasteiger et al. 2020 (arXiv 2011.14115).

    m_ji <- residuals(m_ji + act(residuals(act(m_ji W) + act(up t_ji)) W)), with
    t_ji the sum over triplets, nested on edges, of what is exposed of each m_kj:
    act(down(act(m_kj W) * rbf W W)); see `DimeNetPPTriplet`. Atoms get
    MLP(sum_j rbf W * m_ji) from every block, and the readout adds them up.
    """

    name = "dimenetpp"

    class Options(OutputOptions):
        """Options of the interaction block."""

        triplet_width: int = Field(64, gt=0, description="width of what triplets sum")
        basis_width: int = Field(8, gt=0, description="width between a basis' weights")
        before_skip: int = Field(1, ge=0, description="residual layers before the skip")
        after_skip: int = Field(2, ge=0, description="residual layers after the skip")

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        if dims.edge is None:
            raise ValueError("edges with features; begin with `dimenetpp_embedding`")
        width, function, radial = dims.edge, options.activation, _radial(dims)
        if dims.line_basis is None:
            raise ValueError(
                "a nest on edges, over angles with a basis; nothing else updates edges"
            )
        self.activation = ngn.activation(function)
        self.radial = _two_weights(radial, options.basis_width, width)
        self.sent = nn.Linear(width, width)
        self.kept = nn.Linear(width, width)
        self.down = nn.Linear(width, options.triplet_width, bias=False)
        self.up = nn.Linear(options.triplet_width, width, bias=False)
        self.before = _residuals(width, options.before_skip, function)
        self.skip = nn.Linear(width, width)
        self.after = _residuals(width, options.after_skip, function)
        self.output = DimeNetPPOutput(options, radial, width)
        self.exposed_width = options.triplet_width
        self.message_width = width
        self.node_width = options.outputs

    def expose(self, edge, sender, receiver, state, graph):
        """Return what triplets see of each message, [E, triplet_width]."""
        sent = self.activation(self.sent(edge)) * self.radial(graph.basis.radial)
        return self.activation(self.down(sent))

    def absorb(self, edge, nested, sender, receiver, state, graph):
        """Return the messages after the triplets' sums, [E, F_e]."""
        arrived = self.activation(self.up(nested))
        hidden = self.before(self.activation(self.kept(edge)) + arrived)
        return self.after(edge + self.activation(self.skip(hidden)))

    def message(self, edge, sender, receiver, state, graph):
        """Return what the output block sums, [E, F_e]."""
        return self.output.weighted(edge, graph)

    def update_node(self, node, received, state, graph):
        """Return this block's share of each atom's output, [N, outputs]."""
        return self.output(received)


class DimeNetPPTriplet(ngn.MessageFunction):
    """Triplets kj, ji of DimeNet++, nested in its block on edges (see `DimeNetPP`).

    t_ji = sum_k x_kj * (sbf W W), with x_kj what is exposed; no weights of its own
    after the sum.
    """

    name = "dimenetpp_triplet"

    class Options(ngn.Options):
        """Options of the triplets."""

        basis_width: int = Field(8, gt=0, description="width between a basis' weights")

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        if dims.basis is None or dims.node is None:
            raise ValueError("angles with a basis; see `use: bessel_angle`")
        self.spherical = _two_weights(dims.basis, options.basis_width, dims.node)
        self.message_width = dims.node

    def message(self, edge, sender, receiver, state, graph):
        """Return the weighted x_kj, [A, triplet_width]."""
        return sender.features * self.spherical(graph.basis)

    def update_node(self, node, received, state, graph):
        """Return the sum of the triplets of each edge, [E, triplet_width]."""
        return received


class _Residual(nn.Module):
    """x + act(act(x W + b) W + b), [n, width]."""

    def __init__(self, width: int, function: ngn.ActivationName) -> None:
        super().__init__()
        self.mlp = ngn.MLP([width], [width, width], function)

    def forward(self, x: Tensor) -> Tensor:
        update: Tensor = self.mlp(x)
        return x + update


def _residuals(width: int, count: int, function: ngn.ActivationName) -> nn.Sequential:
    return nn.Sequential(*(_Residual(width, function) for _ in range(count)))


def _two_weights(basis: int, between: int, width: int) -> nn.Sequential:
    """Return two linear layers without bias or activation."""
    return nn.Sequential(
        nn.Linear(basis, between, bias=False), nn.Linear(between, width, bias=False)
    )


def _radial(dims: ngn.Dims) -> int:
    """Return the width of the radial basis."""
    if not isinstance(dims.basis, BesselWidths):
        raise ValueError("edges with `use: bessel`, whose radial basis it reads")
    return dims.basis.radial
