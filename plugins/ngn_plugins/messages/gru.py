"""The gated recurrent unit as a gate."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

import ngn_core.api as ngn


class GRU(ngn.Gate):
    """Gated recurrent unit of Cho et al. 2014 (arXiv 1406.1078).

    Its state is the old feature, its input the update.
    """

    name = "gru"

    def __init__(self, options: ngn.Options, width: int) -> None:
        super().__init__(options, width)
        self.cell = nn.GRUCell(width, width)

    def forward(self, old: Tensor, update: Tensor) -> Any:
        """Return the new state, [n, width]."""
        return self.cell(update, old)
