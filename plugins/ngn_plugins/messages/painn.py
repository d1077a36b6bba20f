"""PaiNN's block: message, then update, on scalars and vectors."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn
from ngn_plugins.messages.cutoffs import cosine_cutoff


class ScalarVector(NamedTuple):
    """Features that rotations leave, and features that turn with the crystal.

    Attributes:
        scalar: [n, F].
        vector: [n, 3, F], Cartesian components second.
    """

    scalar: Tensor
    vector: Tensor


class PaiNN(ngn.MessageFunction):
    """Block of PaiNN, Schütt et al. 2021 (arXiv 2102.03150), equivariant.

    Message, eq. 7 and 8, with the direction u_ij, and phi and W split in three:
    s_i <- s_i + sum_j phi_s(s_j) * W_s(r_ij);
    v_i <- v_i + sum_j v_j * phi_vv(s_j) * W_vv(r_ij) + u_ij phi_vs(s_j) * W_vs(r_ij).
    Update, eq. 9 and 10:
    s <- s + a_ss(s, |V v|) + a_sv(s, |V v|) <U v, V v>; v <- v + a_vv(s, |V v|) U v.

    Differs from the paper: |V v| is sqrt(sum of squares + epsilon), as in SchNetPack.
    """

    name = "painn"
    needs = frozenset({"edge.length", "edge.vector"})
    invariant = False
    node_fields = ScalarVector

    class Options(ngn.Options):
        """Options of PaiNN's block."""

        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="length where the filter has fallen to 0"
        )
        activation: ngn.ActivationName = Field("silu", description="of phi and a")
        epsilon: float = Field(1e-8, ge=0, description="added to a squared norm")

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        width = dims.node
        assert width is not None
        if dims.basis is None:
            raise ValueError("a basis to make its filter of; see `use: basis`")
        self.filter = nn.Linear(dims.basis, 3 * width)
        self.phi = _mlp([width], width, options.activation)
        self.mix = nn.Linear(width, 2 * width, bias=False)
        self.update = _mlp([width, width], width, options.activation)
        self.cutoff = options.cutoff
        self.message_width = width

    def enter(self, node, edge, state, graph):
        """Return nodes with vectors, which are 0 before the first block."""
        if not isinstance(node, ScalarVector):
            vector = node.new_zeros(len(node), 3, node.shape[1])
            node = ScalarVector(node, vector)
        return node, edge, state

    def message(self, edge, sender, receiver, state, graph):
        """Return the summands of eq. 7 and 8, [E, F] and [E, 3, F]."""
        length = graph.edge.columns["length"].unsqueeze(1)
        direction = (graph.edge.columns["vector"] / length).unsqueeze(2)
        filters = self.filter(graph.basis) * cosine_cutoff(length, self.options.cutoff)
        sent = sender.map(lambda node: ScalarVector(self.phi(node.scalar), node.vector))
        scalar, along, old = (sent.scalar * filters).chunk(3, dim=1)
        vector = along.unsqueeze(1) * direction + old.unsqueeze(1) * sent.vector
        return ScalarVector(scalar, vector)

    def update_node(self, node, received, state, graph):
        """Return the nodes after message and update, [N, F] and [N, 3, F]."""
        scalar = node.scalar + received.scalar
        vector = node.vector + received.vector
        one, two = self.mix(vector).chunk(2, dim=2)  # V v, U v
        norm = torch.sqrt(one.square().sum(1) + self.options.epsilon)
        change, scale, product = self.update(scalar, norm).chunk(3, dim=1)
        scalar = scalar + change + product * (one * two).sum(1)
        return ScalarVector(scalar, vector + scale.unsqueeze(1) * two)


def _mlp(
    inputs: list[int | None], width: int, activation: ngn.ActivationName
) -> ngn.MLP:
    return ngn.MLP(inputs, [width, 3 * width], activation, activate_last=False)
