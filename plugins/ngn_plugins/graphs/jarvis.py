"""The neighbors of jarvis-tools, to the letter, as ALIGNN and Matformer have them."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn
from ngn_plugins.graphs.knn import KNN, both_ways

LATTICE = ((0, 0, 1), (0, 1, 0), (1, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))
"""Images to which Matformer joins every atom; their opposites follow."""


class JarvisKNN(ngn.GraphConstructor):
    """Joins k nearest neighbors both ways, and counts edges to own images twice.

    A pair of different atoms is entered once, from whichever list it comes, and becomes
    an edge each way. An own image T is in an atom's list with -T, and both entries
    become an edge each way, so that there are two of each. For `closure: literal`.
    """

    name = "jarvis_knn"
    literal = True

    class Options(ngn.Options):
        """Options of `JarvisKNN`."""

        neighbors: int = Field(ge=1, description="how many neighbors an atom has")
        tolerance: Annotated[float, ngn.Unit("Å")] = Field(
            1.0e-5,
            ge=0,
            description="neighbors farther than the k-th by less than this are kept",
        )
        lattice: bool = Field(
            False,
            description="join every atom to six own images, along the lattice vectors "
            "and their sums, as Matformer does",
        )
        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            8.0,
            gt=0,
            description="of the first search: where an atom has fewer than `neighbors` "
            "within it, `lattice` gives the crystal no edges, as in Matformer's code",
        )

    options: Options

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        options = self.options
        nearest = KNN(
            KNN.Options(neighbors=options.neighbors, tolerance=options.tolerance)
        ).edges(crystal)
        atoms = np.arange(len(crystal.frac))
        apart = nearest.sender != nearest.receiver
        own = np.column_stack([nearest.receiver, nearest.cell_shift])[~apart]
        if options.lattice and self._found_at_once(crystal):
            images = np.tile(LATTICE, (len(atoms), 1))
            more = np.column_stack([np.repeat(atoms, len(LATTICE)), images])
            own = np.concatenate([own, more])
        own = np.unique(own, axis=0)
        others = both_ways(
            ngn.Edges(
                nearest.sender[apart],
                nearest.receiver[apart],
                nearest.cell_shift[apart],
            )
        )
        atom, image = own[:, 0], own[:, 1:]
        return ngn.Edges(
            np.concatenate([others.sender, atom, atom]),
            np.concatenate([others.receiver, atom, atom]),
            np.concatenate([others.cell_shift, image, -image]),
        )

    def _found_at_once(self, crystal: ngn.Crystal) -> bool:
        """Return whether every atom has its neighbors within the cutoff."""
        _, receiver, _, _ = ngn.neighbors_within(crystal, self.options.cutoff)
        degree = np.bincount(receiver, minlength=len(crystal.frac))
        return bool(degree.min() >= self.options.neighbors)
