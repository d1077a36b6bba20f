"""The numbers of a column as they are."""

from __future__ import annotations

from pydantic import Field

import ngn_core.api as ngn


class Column(ngn.Embedding):
    """The numbers of one column, (x - center) / scale."""

    name = "column"

    class Options(ngn.Options):
        """Options of the numbers; center and scale in the column's unit."""

        of: str = Field(description="the column: magmom, area, temperature ...")
        width: int = Field(1, gt=0, description="numbers that the column has a row")
        center: float = Field(0.0, description="what becomes 0")
        scale: float = Field(1.0, gt=0, description="what becomes 1 above the center")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({options.of})
        self.width = options.width

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the numbers of each row, [n, width]."""
        options = self.options
        values = rows.columns[options.of].to(rows.weight.dtype)
        values = values.reshape(len(values), -1)
        if values.shape[1] != options.width:
            raise ValueError(
                f"the column {options.of!r} has {values.shape[1]} numbers a row; the "
                f"embedding column has width: {options.width}"
            )
        return ngn.Embedded((values - options.center) / options.scale, None)
