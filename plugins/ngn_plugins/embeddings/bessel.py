"""Sines and spherical Bessel functions of the length, with DimeNet's envelope."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn
from ngn_plugins.embeddings.bessel_functions import bessel_roots, spherical_bessel
from ngn_plugins.embeddings.harmonics import zonal_harmonics


class BesselWidths(NamedTuple):
    """Widths of the two parts of a `BesselBasis`."""

    radial: int
    spherical: tuple[int, int]


class BesselBasis(NamedTuple):
    """What an edge's length becomes.

    Attributes:
        radial: [E, functions].
        spherical: [E, degrees * functions], the degree slow.
    """

    radial: Tensor
    spherical: Tensor


class Bessel(ngn.Embedding):
    """Radial bases of DimeNet, Gasteiger et al. 2020 (arXiv 2003.03123).

    With x = d / c: radial u(x) sin(f_n x), f_n learned and n pi at first; spherical
    u(x) sqrt(2) / |j_(l+1)(z_ln)| j_l(z_ln x), z_ln the n-th root of j_l, which
    `BesselAngle` needs. Both are exactly 0 beyond the cutoff c.

    Differs from the paper: without the factors sqrt(2 / c) and c^(-3/2); u contains
    1 / x, as in the authors' code, for the spherical functions too.
    """

    name = "bessel"
    roots: Tensor
    scale: Tensor

    class Options(ngn.Options):
        """Options of the radial bases."""

        functions: int = Field(6, gt=0, description="sines, and roots of each degree")
        degrees: int = Field(7, gt=0, description="degrees l of the spherical ones")
        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="length from which on all are 0"
        )
        envelope: int = Field(5, gt=0, description="exponent of the envelope, p - 1")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"length"})
        self.cutoff = options.cutoff
        shape = (options.degrees, options.functions)
        self.basis_width = BesselWidths(options.functions, shape)
        count = torch.arange(1, options.functions + 1)
        self.frequencies = nn.Parameter(count * math.pi)
        roots = torch.from_numpy(bessel_roots(*shape))
        size = [
            spherical_bessel(degree + 1, row).abs() for degree, row in enumerate(roots)
        ]
        scale = math.sqrt(2) / torch.stack(size)
        self.register_buffer("roots", roots, persistent=False)
        self.register_buffer("scale", scale, persistent=False)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return no features, and the basis of each edge."""
        x = rows.columns["length"].unsqueeze(1) / self.options.cutoff
        fading = envelope(x, self.options.envelope)
        roots, scale = self.roots.to(x.dtype), self.scale.to(x.dtype)
        spherical = [
            scale[degree] * spherical_bessel(degree, roots[degree] * x)
            for degree in range(self.options.degrees)
        ]
        radial = fading * torch.sin(self.frequencies * x)
        basis = BesselBasis(radial, fading * torch.cat(spherical, dim=1))
        return ngn.Embedded(None, basis)


class BesselAngle(ngn.Embedding):
    """Angle basis of DimeNet (see `Bessel`): j_l(z_ln d_kj / c) Y_l0(angle).

    The Bessel functions are those of the sender edge kj, gathered from the edges.

    Differs from the paper: the angle is pi for a way back and 0 straight on, as in the
    authors' code of DimeNet++; the paper's is the one between the two edges at j.
    """

    name = "bessel_angle"

    def __init__(self, options: ngn.Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        widths = None if below is None else below.basis
        if not isinstance(widths, BesselWidths):
            raise ValueError("edges with `use: bessel`, whose functions it gathers")
        self.needs = frozenset({"angle"})
        self.degrees, self.functions = widths.spherical
        self.basis_width = self.degrees * self.functions

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return no features, and the basis, [A, degrees * functions]."""
        assert below is not None
        onward = -rows.columns["angle"].cos()
        harmonics = zonal_harmonics(self.degrees, onward)
        harmonics = harmonics.repeat_interleave(self.functions, dim=1)
        sent = rows.sender(below.basis.spherical).features
        return ngn.Embedded(None, sent * harmonics)


def envelope(x: Tensor, exponent: int) -> Tensor:
    """Return DimeNet's u(x) / x, and 0 from x = 1 on, [...].

    1 / x + a x^(p-1) + b x^p + c x^(p+1) with p = exponent + 1, whose first two
    derivatives are 0 at 1 as well (arXiv 2003.03123).
    """
    p = exponent + 1
    a, b, c = -(p + 1) * (p + 2) / 2, p * (p + 2), -p * (p + 1) / 2
    inside = 1 / x + x ** (p - 1) * (a + x * (b + x * c))
    return torch.where(x < 1, inside, 0.0)
