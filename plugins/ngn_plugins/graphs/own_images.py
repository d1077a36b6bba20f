"""Edges between an atom and its own images, along the lattice."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class OwnImages(ngn.GraphConstructor):
    """Joins every atom to its own images along the Voronoi vectors of the lattice.

    Two lattice vectors are of one class if they differ by twice a third. The shortest
    of each of the 7 classes without 0 (with all that are as short) do not depend on the
    cell's basis, and their lengths determine the lattice (Conway & Sloane 1992, doi
    10.1098/rspa.1992.0004): 14 edges an atom without symmetry.
    """

    name = "own_images"

    class Options(ngn.Options):
        """Options of `OwnImages`."""

        tolerance: Annotated[float, ngn.Unit("Å")] = Field(
            1.0e-2,
            ge=0,
            description="images farther than the first of a class by less are kept",
        )

    options: Options

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        images = voronoi_vectors(crystal, self.options.tolerance)
        atoms = len(crystal.frac)
        atom = np.repeat(np.arange(atoms), len(images))
        return ngn.Edges(atom, atom, np.tile(images, (atoms, 1)))


def voronoi_vectors(crystal: ngn.Crystal, tolerance: float) -> np.ndarray:
    """Return the shortest lattice vectors of the 7 classes modulo 2, [V, 3], integers.

    Args:
        crystal: whose lattice it is.
        tolerance: how much longer than the shortest a vector may be, Å.
    """
    point = replace(
        crystal, frac=np.zeros((1, 3)), species=crystal.species[:1], columns={}
    )
    reach = 1.5 * crystal.volume ** (1 / 3)
    while True:
        _, _, images, length = ngn.neighbors_within(point, reach)
        kind = (images % 2) @ np.array([4, 2, 1])
        shortest = np.full(8, np.inf)
        np.minimum.at(shortest, kind, length)
        if (shortest[1:] + tolerance <= reach).all():
            kept = (kind > 0) & (length <= shortest[kind] + tolerance)
            found: np.ndarray = images[kept]
            return found
        reach *= 1.5
