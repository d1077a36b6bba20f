"""Gaussians of one column."""

from __future__ import annotations

from typing import Annotated, Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor

import ngn_core.api as ngn


class Gaussian(ngn.Embedding):
    """Expansion of a column in Gaussians exp(-(x - center)^2 / (2 sigma^2)).

    The defaults are coGN's: no center at `start`, and sigma the square root of the
    spacing. ALIGNN and Matformer have centers at both ends, and sigma the square root
    of half the spacing: exp(-(x - center)^2 / spacing).
    """

    name = "gaussian"
    centers: Tensor

    class Options(ngn.Options):
        """Options of the Gaussians; start, stop and sigma in the column's unit."""

        of: str = Field(description="the column: length, area, angle ...")
        bins: int = Field(gt=0, description="number of Gaussians")
        start: float = Field(0.0, description="where the centers start")
        stop: float = Field(description="the last center")
        at_start: bool = Field(False, description="whether a center sits at `start`")
        sigma: (
            Literal["sqrt_spacing", "sqrt_half_spacing", "spacing"]
            | Annotated[float, Field(gt=0)]
        ) = Field("sqrt_spacing", description="width of a Gaussian")
        precision: Literal["float64", "float32"] = Field(
            "float64", description="of centers and sigma; SchNetPack has float32"
        )
        cosine: bool = Field(
            False, description="whether the Gaussians are of the column's cosine"
        )

        @model_validator(mode="after")
        def _ascending(self) -> Gaussian.Options:
            if self.stop <= self.start:
                raise ValueError(f"`stop` above `start` ({self.start:g})")
            if self.at_start and self.bins < 2:
                raise ValueError("at least 2 bins with a center at `start`")
            return self

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({options.of})
        self.width = options.bins
        gaps = options.bins - 1 if options.at_start else options.bins
        spacing = (options.stop - options.start) / gaps
        precision = getattr(torch, options.precision)
        centers = torch.linspace(options.start, options.stop, gaps + 1, dtype=precision)
        if options.precision == "float32":
            spacing = float(centers[1] - centers[0])
            centers = centers.double()
        self.register_buffer("centers", centers[-options.bins :], persistent=False)
        sigmas = {
            "spacing": spacing,
            "sqrt_spacing": spacing**0.5,
            "sqrt_half_spacing": (spacing / 2) ** 0.5,
        }
        sigma = options.sigma
        self.sigma = sigmas[sigma] if isinstance(sigma, str) else sigma

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the Gaussians of each row's value, [n, bins]."""
        value = rows.columns[self.options.of]
        if self.options.cosine:
            value = value.cos()
        distance = value.unsqueeze(1) - self.centers.to(value.dtype)
        return ngn.Embedded(torch.exp(distance.square() * (-0.5 / self.sigma**2)), None)
