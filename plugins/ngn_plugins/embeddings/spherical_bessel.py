"""Spherical Bessel functions of the length."""

from __future__ import annotations

import math
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn
from ngn_plugins.embeddings.bessel_functions import bessel_roots, spherical_bessel


class SphericalBessel(ngn.Embedding):
    """Radial basis of M3GNet, Chen & Ong 2022 (doi 10.1038/s43588-022-00349-3).

    sqrt(2 / c^3) / |j_(l+1)(z_ln)| j_l(z_ln r / c) with z_ln the n-th root of j_l: the
    solutions of Schrödinger's equation in a ball of radius c. The degree l is the slow
    index. Exactly 0 beyond c.

    Differs from the paper: not made smooth at c, as in matgl.
    """

    name = "spherical_bessel"
    roots: Tensor
    scale: Tensor

    class Options(ngn.Options):
        """Options of the spherical Bessel functions."""

        degrees: int = Field(3, gt=0, description="degrees l, from 0")
        functions: int = Field(3, gt=0, description="functions of each degree")
        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="length from which on all are 0"
        )

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"length"})
        self.cutoff = options.cutoff
        self.width = options.degrees * options.functions
        roots = torch.from_numpy(bessel_roots(options.degrees, options.functions))
        size = [
            spherical_bessel(degree + 1, row).abs() for degree, row in enumerate(roots)
        ]
        scale = math.sqrt(2 / options.cutoff**3) / torch.stack(size)
        self.register_buffer("roots", roots, persistent=False)
        self.register_buffer("scale", scale, persistent=False)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the functions of each edge, [E, degrees * functions]."""
        length = rows.columns["length"].unsqueeze(1)
        x = length / self.options.cutoff
        roots, scale = self.roots.to(x.dtype), self.scale.to(x.dtype)
        functions = [
            scale[degree] * spherical_bessel(degree, roots[degree] * x)
            for degree in range(self.options.degrees)
        ]
        inside = torch.cat(functions, dim=1)
        outside = length >= self.options.cutoff
        return ngn.Embedded(inside.masked_fill(outside, 0.0), None)
