"""Edges between all atoms within a cutoff."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class Radius(ngn.GraphConstructor):
    """Joins an atom to all atoms within a cutoff; symmetric by construction."""

    name = "radius"

    class Options(ngn.Options):
        """Options of `Radius`."""

        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="longest edge, included"
        )

    options: Options

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.longest = options.cutoff

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        cutoff = self.options.cutoff
        sender, receiver, shift, _ = ngn.neighbors_within(crystal, cutoff)
        degree = np.bincount(receiver, minlength=len(crystal.frac))
        if not degree.all():
            atom = int(np.argmin(degree))
            raise ngn.StructureError(
                f"{crystal.site_name(atom)} has no neighbor within the cutoff of "
                f"{cutoff:g} Å; its nearest one is {_nearest(crystal, atom):.3g} Å "
                "away: use a larger cutoff, or knn"
            )
        return ngn.Edges(sender, receiver, shift)


def _nearest(crystal: ngn.Crystal, atom: int) -> float:
    """Return the distance to the nearest neighbor of an atom, Å."""
    reach = float(np.linalg.norm(crystal.lattice, axis=1).min())  # its own image
    _, receiver, _, length = ngn.neighbors_within(crystal, reach)
    return float(length[receiver == atom].min())
