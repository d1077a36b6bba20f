"""Atoms pooled with learned weights."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from pydantic import Field, model_validator
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
            description="mean: divide by the sum of weights; sum: do not; as_target: "
            "sum per cell, else mean",
        )
        whole: bool = Field(
            False,
            description="give the head the sum over the cell instead of the sum by "
            "atom, as in matgl up to 2.0; goes with `pool: sum`",
        )

        @model_validator(mode="after")
        def _whole_is_a_sum(self) -> Weighted.Options:
            if self.whole and self.pool != "sum":
                raise ValueError("`pool: sum` with `whole`")
            return self

    def __init__(self, options: Options, dims: Sequence[ngn.Dims]) -> None:
        super().__init__(options, dims)
        last, function = dims[-1], options.activation
        self.value = ngn.MLP([last.node], options.layers, function)
        self.weight = ngn.MLP(
            [last.node], [*options.weight_layers, 1], function, activate_last=False
        )
        self.width = options.layers[-1] + (last.state or 0)
        self.extensive = options.pool == "sum" and not options.whole

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Tensor:
        """Return the weighted atoms, and the state, [B, layers[-1] + F_u]."""
        node, _, state = blocks[-1]
        onto = graph.node.onto_crystal
        weight = self.weight(node).sigmoid()
        mean: Tensor = onto.mean(weight * self.value(node))
        if self.options.whole:
            mean = over_given_cell(mean, graph)
        elif self.options.pool != "sum":
            mean = mean / onto.mean(weight)
        joined = mean if state is None else torch.cat([mean, state], dim=1)
        return over_given_cell(joined, graph) if self.extensive else joined
