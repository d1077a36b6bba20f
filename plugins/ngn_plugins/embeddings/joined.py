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

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
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
        activation: ngn.ActivationName = Field(description="after each layer")
        activate_last: bool = Field(
            True, description="whether it follows the last layer too"
        )
        batch_norm: bool = Field(
            False, description="normalize what each layer gives, before the activation"
        )

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.part = options.of.build(below)
        self.needs = self.part.needs
        self.mlp = ngn.MLP(
            [self.part.width],
            options.layers,
            options.activation,
            activate_last=options.activate_last,
        )
        norms = options.layers if options.batch_norm else ()
        self.norms = nn.ModuleList(ngn.BatchNorm(width) for width in norms)
        self.width = options.layers[-1]
        self.basis_width = self.part.basis_width

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the MLP of the embedding, [n, layers[-1]]."""
        features, basis = self.part(rows, below)
        if not self.options.batch_norm:
            return ngn.Embedded(self.mlp(features), basis)
        layers = [self.mlp.first, *self.mlp.rest]
        for layer, norm in zip(layers, self.norms, strict=True):
            features = norm(layer(features), rows)
            if layer is not layers[-1] or self.options.activate_last:
                features = self.mlp.activation(features)
        return ngn.Embedded(features, basis)


class Basis(ngn.Embedding):
    """An embedding as the level's basis: what hooks read and no block updates."""

    name = "basis"

    class Options(ngn.Options):
        """Options of a basis."""

        of: Annotated[ngn.Use, ngn.Kind("embedding")] = Field(
            description="the embedding"
        )
        features: bool = Field(
            False, description="whether it also gives the features, to layers say"
        )

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.part = options.of.build(below)
        self.needs = self.part.needs
        self.basis_width = self.part.width
        self.width = self.part.width if options.features else None

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the embedding as basis, [n, basis_width], and as features or none."""
        basis = self.part(rows, below).features
        return ngn.Embedded(basis if self.options.features else None, basis)
