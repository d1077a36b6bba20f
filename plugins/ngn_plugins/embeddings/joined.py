"""Embeddings made of other embeddings."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import nn

import ngn_core.api as ngn


class Concat(ngn.Embedding):
    """Several embeddings side by side, and a linear layer over them."""

    name = "concat"

    class Options(ngn.Options):
        """Options of joined embeddings."""

        of: Annotated[tuple[ngn.Use, ...], ngn.Kind("embedding")] = Field(
            min_length=1, description="the embeddings"
        )
        width: int | None = Field(
            None, gt=0, description="width of the linear layer; none without"
        )

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        parts = [use.build(below) for use in options.of]
        self.parts = nn.ModuleList(parts)
        self.needs = frozenset().union(*(part.needs for part in parts))
        widths = [part.width for part in parts]
        if None in widths:
            raise ValueError("embeddings with features; a basis has none")
        width = sum(widths)
        self.linear = None if options.width is None else nn.Linear(width, options.width)
        self.width = options.width or width

    def forward(self, rows: ngn.Rows, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the joined features, [n, width]."""
        parts = [part(rows, below).features for part in self.parts]
        joined = torch.cat(parts, dim=1)
        return ngn.Embedded(
            joined if self.linear is None else self.linear(joined), None
        )


class Layers(ngn.Embedding):
    """An embedding and an MLP over it."""

    name = "mlp"

    class Options(ngn.Options):
        """Options of an embedding with layers."""

        of: Annotated[ngn.Use, ngn.Kind("embedding")] = Field(
            description="the embedding"
        )
        layers: tuple[int, ...] = Field(min_length=1, description="width of each layer")
        activation: ngn.ActivationName = Field(
            description="after each layer, the last one included"
        )

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.part = options.of.build(below)
        self.needs = self.part.needs
        self.mlp = ngn.MLP([self.part.width], options.layers, options.activation)
        self.width = options.layers[-1]

    def forward(self, rows: ngn.Rows, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the MLP of the embedding, [n, layers[-1]]."""
        features, basis = self.part(rows, below)
        return ngn.Embedded(self.mlp(features), basis)


class Basis(ngn.Embedding):
    """An embedding as the level's basis: what hooks read and no block updates."""

    name = "basis"

    class Options(ngn.Options):
        """Options of a basis."""

        of: Annotated[ngn.Use, ngn.Kind("embedding")] = Field(
            description="the embedding"
        )

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.part = options.of.build(below)
        self.needs = self.part.needs
        self.basis_width = self.part.width

    def forward(self, rows: ngn.Rows, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return no features, and the embedding as basis, [n, basis_width]."""
        return ngn.Embedded(None, self.part(rows, below).features)
