"""An MLP over the readout's vector."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn


class MLPHead(ngn.Head):
    """Layers with an activation between them."""

    name = "mlp"

    class Options(ngn.Options):
        """Options of the MLP."""

        layers: tuple[int, ...] = Field(min_length=1, description="width of each layer")
        activation: ngn.ActivationName = Field(
            "silu", description="between the layers, not after the last"
        )
        activate_input: bool = Field(
            False, description="whether the readout's vector is activated first"
        )

    def __init__(self, options: Options, width: int) -> None:
        super().__init__(options, width)
        self.mlp = ngn.MLP(
            [width], options.layers, options.activation, activate_last=False
        )
        self.width = options.layers[-1]

    def forward(self, crystal: Tensor) -> Any:
        """Return the prediction, [B, layers[-1]]."""
        if self.options.activate_input:
            crystal = self.mlp.activation(crystal)
        return self.mlp(crystal)
