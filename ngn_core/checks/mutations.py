"""Graphs with a mistake in them, for a check of the check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ngn_core.checks.graphs import with_levels
from ngn_core.graph.graph import CrystalGraph, Level

_EDGES = 1


def count_one_too_often(graphs: Mapping[str, CrystalGraph]) -> dict[str, CrystalGraph]:
    """Return the graphs with 1 added to the multiplicity of one edge of all."""
    name = _largest(graphs)
    edges = graphs[name].levels[_EDGES]
    multiplicity = edges.multiplicity.copy()
    multiplicity[0] += 1
    wrong = replace(edges, multiplicity=multiplicity)
    return {**graphs, name: with_levels(graphs[name], {_EDGES: wrong})}


def drop_an_edge(graphs: Mapping[str, CrystalGraph]) -> dict[str, CrystalGraph]:
    """Return the graphs without one edge of all, and what stands on it."""
    name = _largest(graphs)
    levels = list(graphs[name].levels)
    stays = np.ones(len(levels[_EDGES]), dtype=bool)
    stays[0] = False
    levels[_EDGES] = _rows(levels[_EDGES], stays)
    for place, level in enumerate(levels[_EDGES + 1 :], start=_EDGES + 1):
        assert level.index is not None
        number = np.cumsum(stays) - 1
        stays = stays[level.index].all(axis=0)
        kept = _rows(level, stays)
        assert kept.index is not None
        levels[place] = replace(kept, index=number[kept.index])
    return {**graphs, name: replace(graphs[name], levels=tuple(levels))}


def swap_ends(graphs: Mapping[str, CrystalGraph]) -> dict[str, CrystalGraph]:
    """Return the graphs with the senders and receivers of all edges swapped."""
    swapped = {}
    for name, graph in graphs.items():
        edges = graph.levels[_EDGES]
        assert edges.index is not None
        wrong = replace(edges, index=edges.index[::-1].copy())
        swapped[name] = with_levels(graph, {_EDGES: wrong})
    return swapped


MUTATIONS: Mapping[
    str, Callable[[Mapping[str, CrystalGraph]], dict[str, CrystalGraph]]
] = {
    "1 added to one multiplicity": count_one_too_often,
    "one closed edge dropped": drop_an_edge,
    "sender and receiver swapped": swap_ends,
}
"""What is done to the graphs, by its name."""


def swapping_matters(graphs: Mapping[str, CrystalGraph]) -> bool:
    """Return whether what nodes receive from nodes is another after a swap.

    It is not where every edge has its way back, as often: in a symmetric edge set that
    is not reduced, or whose node orbits are all of one size.
    """
    return any(
        not np.array_equal(_received(graph, 0), _received(graph, 1))
        for graph in graphs.values()
    )


def _received(graph: CrystalGraph, sender: int) -> np.ndarray:
    """Return how often each node receives from each, [N, N]."""
    edges = graph.levels[_EDGES]
    assert edges.index is not None
    nodes = len(graph.levels[0])
    received = np.zeros((nodes, nodes))
    ends = edges.index[1 - sender], edges.index[sender]
    np.add.at(received, ends, edges.multiplicity)
    return received


def _largest(graphs: Mapping[str, CrystalGraph]) -> str:
    """Return the crystal with most edges."""
    return max(graphs, key=lambda name: len(graphs[name].levels[_EDGES]))


def _rows(level: Level, stays: np.ndarray) -> Level:
    columns = {name: column[stays] for name, column in level.columns.items()}
    index = None if level.index is None else level.index[:, stays]
    return Level(columns, index, level.multiplicity[stays])
