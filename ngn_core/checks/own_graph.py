"""The graphs that a spec builds of a reference's crystals, beside the reference's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import StructureError
from ngn_core.graph.build import GraphBuilder
from ngn_core.graph.graph import CrystalGraph
from ngn_core.pretrained.importer import Given
from ngn_core.spec.spec import Spec

APART = 1.0e-6
"""Largest difference of sorted edge lengths, and least gap at a cutoff, Å."""


TIE = "a tie at the k-th neighbor"
SHELL = "a shell split by rounding"
GAP = "an edge at the cutoff"


@dataclass(frozen=True)
class OwnGraph:
    """The graph that the builder makes of a case, beside the reference's.

    Attributes:
        name: of the reference's graph.
        edges: how many ours has.
        reference: how many the reference's has.
        apart: largest difference of the sorted lengths, Å; None where the numbers of
            edges differ.
        same: whether edges are the same (sender, receiver, shift); None where the
            reference does not number them as the structure does.
        doubt: empty, or why a builder cannot be expected to choose these edges.
        problem: why there is no graph, else empty.
    """

    name: str
    edges: int
    reference: int
    apart: float | None
    same: bool | None
    doubt: str
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Return whether it is the reference's graph, where that can be asked."""
        lengths = self.apart is not None and self.apart <= APART
        if self.doubt == TIE:
            return lengths
        return bool(self.doubt) or (lengths and self.same is not False)


def build_own(
    spec: Spec, columns: Mapping[str, frozenset[str]], case: Mapping[str, Any]
) -> CrystalGraph:
    """Return the graph that a spec builds of a case's structure.

    Raises:
        StructureError: where it cannot.
    """
    structure = case["structure"]
    crystal = Crystal(
        np.array(structure["lattice"], dtype=np.float64),
        np.array(structure["frac_coords"], dtype=np.float64),
        tuple(((number, 1.0),) for number in structure["atomic_numbers"]),
    )
    edge = columns.get("edge", frozenset()) | {"length", "cell_shift"}
    builder = GraphBuilder(
        spec.graph.options, spec.graph.edges.build(), {**columns, "edge": edge}
    )
    return builder(crystal)


def compare_graphs(
    name: str, graph: CrystalGraph, given: Given, case: Mapping[str, Any]
) -> OwnGraph:
    """Return how a graph that a spec built compares with the reference's."""
    edge = graph.levels[1]
    lengths = np.linalg.norm(given.vector, axis=1)
    lengths = np.sort(given.columns.get("length", lengths))
    own = np.sort(edge.columns["length"])
    apart = same = None
    if len(own) == len(lengths):
        apart = float(np.abs(own - lengths).max(initial=0.0))
    if given.multiplicity is None and edge.index is not None:
        ours = np.column_stack([*edge.index, edge.columns["cell_shift"]])
        theirs = np.column_stack([given.sender, given.receiver, given.cell_shift])
        same = sorted(ours.tolist()) == sorted(theirs.tolist())
    return OwnGraph(name, len(own), len(lengths), apart, same, _doubt(case))


def no_graph(
    name: str, error: StructureError, given: Given, case: Mapping[str, Any]
) -> OwnGraph:
    """Return that a spec builds no graph of a case."""
    edges = len(given.sender)
    return OwnGraph(name, 0, edges, None, None, _doubt(case), str(error))


def _doubt(case: Mapping[str, Any]) -> str:
    """Return why a case's edges are not the only ones that the rule allows."""
    graph = case["graph"]
    if graph.get("tie_at_kth"):
        return TIE
    if graph.get("shell_complete") is False:
        return SHELL
    return GAP if graph.get("min_gap_to_cutoff", 1.0) < APART else ""
