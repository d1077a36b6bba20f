"""Edges of several constructors together."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class Union(ngn.GraphConstructor):
    """Joins what any of its parts joins, once.

    Columns of the parts are left out: the others would not have them.
    """

    name = "union"

    class Options(ngn.Options):
        """Options of `Union`."""

        of: Annotated[tuple[ngn.Use, ...], ngn.Kind("graph constructor")] = Field(
            min_length=1, description="the constructors"
        )

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.parts = [use.build() for use in options.of]
        self.literal = any(part.literal for part in self.parts)
        lengths = [part.longest for part in self.parts]
        self.longest = None if None in lengths else max(lengths)

    def edges(self, crystal: ngn.Crystal) -> ngn.Edges:  # noqa: D102
        found = [part.edges(crystal) for part in self.parts]
        rows = [
            np.column_stack([part.receiver, part.sender, part.cell_shift])
            for part in found
        ]
        every = np.unique(np.concatenate(rows), axis=0)
        return ngn.Edges(every[:, 1], every[:, 0], every[:, 2:])
