"""Atoms pooled with learned weights."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn
from ngn_plugins.readouts.pooled import Pool, over_given_cell


class Weighted(ngn.Readout):
    """M3GNet's readout of intensive properties (Chen & Ong 2022), beside the state.

    sum_i w_i u_i / sum_i w_i over the atoms, with u = MLP(v) and w = sigmoid(MLP(v)).
    """

    name = "weighted"

    class Options(ngn.Options):
        """Options of the weighted readout."""

        layers: tuple[int, ...] = Field(
            (64, 64), min_length=1, description="layers of u, all activated"
        )
        weight_layers: tuple[int, ...] = Field(
            (64,), description="layers of w before its last one"
        )
        activation: ngn.ActivationName = Field("silu", description="of both MLPs")
        pool: Pool = Field(
            "as_target",
            description="mean: divide by the sum of weights; sum: do not (matgl up to "
            "2.0); as_target: sum per cell, else mean",
        )

    def __init__(self, options: Options, dims: Sequence[ngn.Dims]) -> None:
        super().__init__(options, dims)
        last, function = dims[-1], options.activation
        self.value = ngn.MLP([last.node], options.layers, function)
        self.weight = ngn.MLP(
            [last.node], [*options.weight_layers, 1], function, activate_last=False
        )
        self.width = options.layers[-1] + (last.state or 0)
        self.extensive = options.pool == "sum"

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Tensor:
        """Return the weighted atoms, and the state, [B, layers[-1] + F_u]."""
        node, _, state = blocks[-1]
        onto = graph.node.onto_crystal
        weight = self.weight(node).sigmoid()
        mean: Tensor = onto.mean(weight * self.value(node))
        if self.options.pool == "sum":
            mean = over_given_cell(mean, graph)
        else:
            mean = mean / onto.mean(weight)
        return mean if state is None else torch.cat([mean, state], dim=1)
