"""Edges from the nearest neighbors of each atom."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class KNN(ngn.GraphConstructor):
    """Joins an atom to its k nearest neighbors and to all that are as near as the k-th.

    Edges are directed: an atom may be among the nearest of another and not the other
    way round.
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

    options: Options

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        neighbors, tolerance = self.options.neighbors, self.options.tolerance
        atoms = len(crystal.frac)
        volume = crystal.volume * (neighbors + 1) / atoms
        reach = 1.15 * (3 * volume / (4 * np.pi)) ** (1 / 3) + tolerance
        while True:
            sender, receiver, shift, length = ngn.neighbors_within(crystal, reach)
            degree = np.bincount(receiver, minlength=atoms)
            if degree.min() >= neighbors:
                limit = _kth(length, receiver, degree, neighbors) + tolerance
                if limit.max() <= reach:
                    break
            reach *= 1.5
        kept = (length <= limit.take(receiver)).nonzero()[0]
        return ngn.Edges(
            sender.take(kept), receiver.take(kept), shift.take(kept, axis=0)
        )


def _kth(
    length: np.ndarray, receiver: np.ndarray, degree: np.ndarray, k: int
) -> np.ndarray:
    """Return the k-th smallest length of each receiver, [N], Å.

    Args:
        length: [E], Å.
        receiver: [E], sorted.
        degree: [N], how many edges each has.
        k: at most the smallest degree.
    """
    atoms, width = len(degree), int(degree.max())
    start = np.arange(atoms) * width - np.cumsum(degree) + degree
    table = np.full(atoms * width, np.inf)
    table[start.take(receiver) + np.arange(len(receiver))] = length
    rows: np.ndarray = table.reshape(atoms, width)
    rows.partition(k - 1, axis=1)
    kth: np.ndarray = rows[:, k - 1]
    return kth
