"""The graph as a block sees it: two neighboring levels and the line graph above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ngn_core.network.endpoint import Endpoint
from ngn_core.network.onto import Onto
from ngn_core.network.rows import Rows


@dataclass(frozen=True)
class Graph:
    """Nodes and edges of a graph, or edges and angles of its line graph, and so on.

    Attributes:
        node: rows of the lower level.
        edge: rows of the upper level.
        basis: basis of the upper level, [E, F] a field, or None.
        line: the line graph, whose nodes are these edges; None at the top.
        crystals: rows of the crystals, with their columns (`atoms`, `state`).
    """

    node: Rows
    edge: Rows
    basis: Any
    line: Graph | None
    crystals: Rows

    @property
    def onto_receiver(self) -> Onto:
        """Return the reductions of edges onto their receivers, with multiplicities."""
        receiver = self.edge.receiver(None).index
        return Onto(receiver, self.edge.multiplicity, len(self.node.weight))

    def ends(self, node: Any) -> tuple[Endpoint, Endpoint]:
        """Return the sender and the receiver of each edge, from node features."""
        return self.edge.sender(node), self.edge.receiver(node)


def tower(rows: Sequence[Rows], bases: Sequence[Any], crystals: Rows) -> Graph:
    """Stack levels into a graph with its line graphs; `bases` go with `rows`."""
    node, edge, *_ = rows
    line = tower(rows[1:], bases[1:], crystals) if len(rows) > 2 else None
    return Graph(node, edge, bases[1], line, crystals)
