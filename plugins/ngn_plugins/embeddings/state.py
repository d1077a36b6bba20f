"""Embeddings of the global state."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn


class Constant(ngn.Embedding):
    """The same numbers for every crystal."""

    name = "constant"
    values: Tensor

    class Options(ngn.Options):
        """Options of a constant state."""

        values: tuple[float, ...] = Field(min_length=1, description="the state")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.width = len(options.values)
        values = torch.tensor(options.values, dtype=torch.float64)
        self.register_buffer("values", values, persistent=False)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the numbers once for each crystal, [B, width]."""
        values = self.values.to(rows.weight.dtype)
        return ngn.Embedded(values.expand(len(rows.weight), -1), None)


class Number(ngn.Embedding):
    """The column that `--state` names, a number for each crystal."""

    name = "number"

    def __init__(self, options: ngn.Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"state"})
        self.width = 1

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the number of each crystal, [B, 1]."""
        return ngn.Embedded(rows.columns["state"].unsqueeze(1), None)


class Label(ngn.Embedding):
    """The column that `--state` names, a learned row for each of its labels."""

    name = "label"

    class Options(ngn.Options):
        """Options of a labeled state."""

        labels: tuple[str, ...] = Field(min_length=1, description="the labels")
        width: int = Field(16, gt=0, description="width of a row")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"state"})
        self.width = options.width
        self.table = nn.Embedding(len(options.labels), options.width)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the row of each crystal's label, [B, width]."""
        return ngn.Embedded(self.table(rows.columns["state"].long()), None)
