"""Edges from the nearest neighbors of each atom."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class KNN(ngn.GraphConstructor):
    """Joins an atom to its k nearest neighbors and to all that are as near as the k-th.

    Edges are directed: an atom may be among the nearest of another and not the other
    way round, unless `both_ways` adds what is missing.
    """

    name = "knn"

    class Options(ngn.Options):
        """Options of `KNN`."""

        neighbors: int = Field(ge=1, description="how many neighbors an atom has")
        tolerance: Annotated[float, ngn.Unit("Å")] = Field(
            1.0e-2,
            ge=0,
            description="neighbors farther than the k-th by less than this are kept",
        )
        both_ways: bool = Field(
            False, description="whether every edge gets its way back, too"
        )

    options: Options

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        neighbors, tolerance = self.options.neighbors, self.options.tolerance
        edges = ngn.Edges(*ngn.nearest_neighbors(crystal, neighbors, tolerance))
        return both_ways(edges) if self.options.both_ways else edges


def both_ways(edges: ngn.Edges) -> ngn.Edges:
    """Return the edges and their ways back, each once, sorted by receiver.

    Args:
        edges: without columns.
    """
    there = np.column_stack([edges.receiver, edges.sender, edges.cell_shift])
    back = np.column_stack([edges.sender, edges.receiver, -edges.cell_shift])
    every = np.unique(np.concatenate([there, back]), axis=0)
    return ngn.Edges(every[:, 1], every[:, 0], every[:, 2:])
