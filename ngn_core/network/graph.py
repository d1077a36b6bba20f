"""The graph as a block sees it: two neighboring levels and the line graph above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ngn_core.network.aggregation import Aggregation
from ngn_core.network.endpoint import Endpoint
from ngn_core.network.level_batch import LevelBatch
from ngn_core.network.segments import Segments


@dataclass(frozen=True)
class Graph:
    """Nodes and edges of a graph, or edges and angles of its line graph, and so on.

    Attributes:
        node: rows of the lower level.
        edge: rows of the upper level.
        basis: basis of the upper level, [E, F] a field, or None.
        line: the line graph, whose nodes are these edges; None at the top.
        crystals: rows of the crystals, with their columns (`atoms`, `state`).
        segments: the sender and the receiver of each edge; all blocks share them.
    """

    node: LevelBatch
    edge: LevelBatch
    basis: Any
    line: Graph | None
    crystals: LevelBatch
    segments: tuple[Segments, Segments]

    @property
    def onto_receiver(self) -> Aggregation:
        """Return the reductions of edges onto their receivers, with multiplicities."""
        return Aggregation(self.segments[1], self.edge.multiplicity)

    def ends(self, node: Any) -> tuple[Endpoint, Endpoint]:
        """Return the sender and the receiver of each edge, from node features."""
        sender, receiver = self.segments
        return Endpoint(node, sender), Endpoint(node, receiver)


def nest_levels(
    rows: Sequence[LevelBatch], bases: Sequence[Any], crystals: LevelBatch
) -> Graph:
    """Stack levels into a graph with its line graphs; `bases` go with `rows`."""
    node, edge, *_ = rows
    line = nest_levels(rows[1:], bases[1:], crystals) if len(rows) > 2 else None
    sender, receiver = edge.ends()
    nodes = len(node.weight)
    segments = Segments(sender, nodes), Segments(receiver, nodes)
    return Graph(node, edge, bases[1], line, crystals, segments)
