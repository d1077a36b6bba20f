"""The output block of DimeNet++: what every block gives the atoms."""

from __future__ import annotations

from typing import Any

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

import ngn_core.api as ngn


class OutputOptions(ngn.Options):
    """Options of the output block, the same for every block."""

    output_width: int = Field(256, gt=0, description="width of the output layers")
    output_layers: int = Field(3, ge=0, description="how many of them")
    outputs: int = Field(1, gt=0, description="numbers an atom gets from a block")
    activation: ngn.ActivationName = Field("silu", description="of every layer")


class DimeNetPPOutput(nn.Module):
    """Output block: from messages to numbers of each atom."""

    def __init__(self, options: OutputOptions, radial: int, width: int) -> None:
        super().__init__()
        wide = options.output_width
        self.radial = nn.Linear(radial, width, bias=False)
        self.up = nn.Linear(width, wide, bias=False)
        self.layers = nn.ModuleList(
            nn.Linear(wide, wide) for _ in range(options.output_layers)
        )
        self.activation = ngn.activation(options.activation)
        # 0 at first, as in the authors' code, whatever draws the other weights.
        self.weight = nn.Parameter(torch.zeros(options.outputs, wide))

    def weighted(self, edge: Tensor, graph: ngn.Graph) -> Any:
        """Return rbf W * m_ji, [E, F_e]."""
        return self.radial(graph.basis.radial) * edge

    def forward(self, received: Tensor) -> Tensor:
        """Return [N, outputs] from the sums, [N, F_e]."""
        hidden = self.up(received)
        for layer in self.layers:
            hidden = self.activation(layer(hidden))
        return functional.linear(hidden, self.weight)
