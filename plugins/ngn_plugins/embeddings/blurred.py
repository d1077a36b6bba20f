"""An embedding of a column that training blurs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

import ngn_core.api as ngn


class Blurred(ngn.Embedding):
    """Another embedding, of a column to which training adds noise, our own.

    x -> x + blur z with z from a standard normal distribution, drawn anew for each row
    at each step: a network that sees no value twice learns what holds for all values
    near it. Predictions are made from the values themselves. Rows that stand for
    equivalent ones draw once.
    """

    name = "blurred"

    class Options(ngn.Options):
        """Options of the blur."""

        of: Annotated[ngn.Use, ngn.Kind("embedding")] = Field(
            description="the embedding"
        )
        column: str = Field("length", description="what is blurred: length, angle")
        by: float = Field(gt=0, description="deviation of the noise, in its unit")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.part = options.of.build(below)
        if options.column not in self.part.needs:
            reads = ", ".join(sorted(self.part.needs)) or "none"
            raise ValueError(f"a column that `of` reads ({reads}) as `column`")
        self.noise = ngn.Noise(options.by)
        self.needs = self.part.needs
        self.width = self.part.width
        self.basis_width = self.part.basis_width

    def forward(self, rows: ngn.Rows, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return what the embedding makes of the rows, [n, width]."""
        if self.training:
            column = self.options.column
            noisy = self.noise(rows.columns[column])
            rows = replace(rows, columns={**rows.columns, column: noisy})
        embedded: ngn.Embedded = self.part(rows, below)
        return embedded
