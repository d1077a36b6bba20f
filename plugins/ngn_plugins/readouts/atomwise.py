"""A number for each atom, pooled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

import ngn_core.api as ngn
from ngn_plugins.readouts.pooled import over_given_cell


class Atomwise(ngn.Readout):
    """An MLP of each atom's features, then mean or sum (SchNet's output module)."""

    name = "atomwise"

    class Options(ngn.Options):
        """Options of the atomwise readout."""

        layers: tuple[int, ...] = Field(min_length=1, description="width of each layer")
        activation: ngn.ActivationName = Field(description="between the layers")
        pool: Literal["mean", "sum"] = Field("mean", description="over the atoms")

    def __init__(self, options: Options, dims: Sequence[ngn.Dims]) -> None:
        super().__init__(options, dims)
        self.mlp = ngn.MLP(
            [dims[-1].node], options.layers, options.activation, activate_last=False
        )
        self.width = options.layers[-1]
        self.extensive = options.pool == "sum"

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Any:
        """Return the pooled atoms, [B, layers[-1]]."""
        mean = graph.node.onto_crystal.mean(self.mlp(blocks[-1][0]))
        return mean if self.options.pool == "mean" else over_given_cell(mean, graph)
