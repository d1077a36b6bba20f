"""Spherical harmonics of the angle, with the radial functions of an edge."""

from __future__ import annotations

import math

import torch
from pydantic import Field
from torch import Tensor

import ngn_core.api as ngn


class Harmonics(ngn.Embedding):
    """Angle basis of M3GNet, Chen & Ong 2022 (doi 10.1038/s43588-022-00349-3), eq. 2.

    The basis of the sender edge, gathered, times Y_l0(angle) = sqrt((2 l + 1) / 4 pi)
    P_l(cos angle), the degree l being the slow index of that basis. So the radial
    functions are computed once an edge, not once an angle.
    """

    name = "harmonics"

    class Options(ngn.Options):
        """Options of the harmonics."""

        degrees: int = Field(3, gt=0, description="degrees l of the edges' basis")
        clamp: float = Field(
            0.0,
            ge=0,
            lt=1,
            description="keep the cosine this far from -1 and 1, as matgl does (1e-7)",
        )

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"angle"})
        width = None if below is None else below.basis
        if width is None or width % options.degrees:
            found = "no basis" if width is None else f"a basis of width {width}"
            raise ValueError(
                f"a basis of {options.degrees} degrees on the level below (`use: basis`"
                f" of `use: spherical_bessel`, say); it has {found}"
            )
        self.basis_width = width
        self.repeats = width // options.degrees

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return no features, and the basis, [A, degrees * functions]."""
        assert below is not None
        cosine = rows.columns["angle"].cos()
        if self.options.clamp > 0:
            limit = 1 - self.options.clamp
            cosine = cosine.clamp(-limit, limit)
        harmonics = zonal_harmonics(self.options.degrees, cosine)
        harmonics = harmonics.repeat_interleave(self.repeats, dim=1)
        return ngn.Embedded(None, harmonics * rows.sender(below.basis).features)


def zonal_harmonics(degrees: int, cosine: Tensor) -> Tensor:
    """Return Y_00 to Y_(degrees - 1)0 of the cosine of the polar angle, [A, degrees].

    By Bonnet's recurrence (l + 1) P_(l+1) = (2 l + 1) x P_l - l P_(l-1).
    """
    legendre = [torch.ones_like(cosine), cosine]
    for degree in range(1, degrees - 1):
        upper = (2 * degree + 1) * cosine * legendre[-1] - degree * legendre[-2]
        legendre.append(upper / (degree + 1))
    scaled = [
        math.sqrt((2 * degree + 1) / (4 * math.pi)) * polynomial
        for degree, polynomial in enumerate(legendre[:degrees])
    ]
    return torch.stack(scaled, dim=1)
