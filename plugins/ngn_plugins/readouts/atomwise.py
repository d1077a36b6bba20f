"""A number for each atom, pooled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

import ngn_core.api as ngn
from ngn_plugins.messages.gated_mlp import GatedMLP
from ngn_plugins.readouts.pooled import Pool, pooled


class Atomwise(ngn.Readout):
    """An MLP of each atom's features, then mean or sum (SchNet's output module).

    With a gate it is M3GNet's readout of extensive properties (Chen & Ong 2022).
    """

    name = "atomwise"

    class Options(ngn.Options):
        """Options of the atomwise readout."""

        layers: tuple[int, ...] = Field(min_length=1, description="width of each layer")
        activation: ngn.ActivationName = Field(description="between the layers")
        gated: bool = Field(
            False, description="times a second MLP that ends in a sigmoid"
        )
        pool: Pool = Field(
            "as_target",
            description="over the atoms; as_target: sum per cell, else mean",
        )

    def __init__(self, options: Options, dims: Sequence[ngn.Dims]) -> None:
        super().__init__(options, dims)
        perceptron = GatedMLP if options.gated else ngn.MLP
        self.mlp = perceptron(
            [dims[-1].node], options.layers, options.activation, activate_last=False
        )
        self.width = options.layers[-1]
        self.extensive = options.pool == "sum"

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Any:
        """Return the pooled atoms, [B, layers[-1]]."""
        mean = graph.node.onto_crystal.mean(self.mlp(blocks[-1][0]))
        return pooled(self.options.pool, mean, graph)
