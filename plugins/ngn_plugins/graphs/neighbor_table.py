"""CGCNN's table of neighbors, to the letter."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class NeighborTable(ngn.GraphConstructor):
    """Gives every atom exactly k edges: its nearest neighbors, and what fills the rest.

    As in the code of Xie & Grossman 2018: neighbors beyond a cutoff are not seen; of
    those that are equally far at the k-th place the first found are kept; what is
    missing is sent by the first atom, over a length that is no distance, and has no
    vector. For `closure: literal`.
    """

    name = "neighbor_table"
    literal = True

    class Options(ngn.Options):
        """Options of `NeighborTable`."""

        neighbors: int = Field(ge=1, description="edges of an atom")
        cutoff: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="longest edge that is looked for"
        )
        missing_length: Annotated[float, ngn.Unit("Å")] = Field(
            gt=0, description="length of an edge where a neighbor is missing"
        )

    options: Options

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.longest = max(options.cutoff, options.missing_length)

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        options, atoms = self.options, len(crystal.frac)
        sender, receiver, shift, length = ngn.neighbors_within(crystal, options.cutoff)
        order = np.lexsort((length, receiver))
        degree = np.bincount(receiver, minlength=atoms)
        start = np.cumsum(degree) - degree
        place = np.arange(len(receiver)) - np.repeat(start, degree)
        kept = order[place < options.neighbors]
        missing = np.maximum(options.neighbors - degree, 0)
        filled = np.repeat(np.arange(atoms), missing)
        nowhere = np.zeros((len(filled), 3), dtype=np.int64)
        given = np.full(len(kept) + len(filled), np.nan)
        given[len(kept) :] = options.missing_length
        return ngn.Edges(
            np.concatenate([sender[kept], np.zeros_like(filled)]),
            np.concatenate([receiver[kept], filled]),
            np.concatenate([shift[kept], nowhere]),
            {"length": given},
        )
