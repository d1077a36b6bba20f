"""Weighted mean and sum over the atoms of a crystal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from torch import Tensor

import ngn_core.api as ngn

Pool = Literal["as_target", "mean", "sum"]


class Mean(ngn.Readout):
    """Mean over the atoms of the whole crystal."""

    name = "mean"

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Any:
        """Return the mean of the node features, [B, F_v]."""
        return graph.node.onto_crystal.mean(blocks[-1][0])


class Sum(ngn.Readout):
    """Sum over the atoms of the cell as it was given, whatever cell the graph has.

    The atoms are the sites: one that is partly occupied or shared counts once.
    """

    name = "sum"
    extensive = True

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Any:
        """Return the number of atoms given times the mean, [B, F_v]."""
        return over_given_cell(graph.node.onto_crystal.mean(blocks[-1][0]), graph)


class AsTarget(ngn.Readout):
    """Mean or sum, as the target is declared: sum for values per cell, else mean.

    It becomes `mean` or `sum` before a trial; without a target it is the mean.
    """

    name = "as_target"

    def forward(self, blocks: Sequence[ngn.BlockState], graph: ngn.Graph) -> Any:
        """Return the mean of the node features, [B, F_v]."""
        return graph.node.onto_crystal.mean(blocks[-1][0])


def pooled(pool: Pool, mean: Tensor, graph: ngn.Graph) -> Tensor:
    """Return the mean over atoms, or the sum over the given cell's atoms, [B, F]."""
    return over_given_cell(mean, graph) if pool == "sum" else mean


def over_given_cell(mean: Tensor, graph: ngn.Graph) -> Tensor:
    """Return the sum over the given cell's atoms from the mean over atoms, [B, F]."""
    return mean * graph.crystals.columns["atoms"].to(mean.dtype).unsqueeze(1)
