"""A learned vector for each element."""

from __future__ import annotations

from pydantic import Field
from torch import nn

import ngn_core.api as ngn

ELEMENTS = 118


class Element(ngn.Embedding):
    """A learned row for each atomic number."""

    name = "element"

    class Options(ngn.Options):
        """Options of the learned rows."""

        width: int = Field(gt=0, description="width of a row")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"atomic_number"})
        self.width = options.width
        self.table = nn.Embedding(ELEMENTS + 1, options.width)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the row of each atom's element, [N, width]; row 0 is of none."""
        return ngn.Embedded(self.table(rows.columns["atomic_number"]), None)
