"""All levels of one cell: edges, pairs of edges, pairs of those; orbits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ngn_core.crystal.incidence import Incidence
from ngn_core.crystal.lengths import lengths
from ngn_core.graph.action import Action, act_on
from ngn_core.graph.closure import close_edges
from ngn_core.graph.graph_constructor import Edges, GraphConstructor
from ngn_core.graph.orbits import orbit_means, orbits
from ngn_core.graph.pairs import angles, pairs, torsions
from ngn_core.graph.symmetrized_crystal import SymmetrizedCrystal
from ngn_core.spec.graph import PairRule


@dataclass(frozen=True)
class Levels:
    """All levels of the cell on which edges are drawn, before the quotient.

    Attributes:
        incidences: of the levels above the nodes, each sorted by receiver.
        labels: orbit of each item of each level, nodes first.
        columns: of each level above the nodes; the geometry and what the constructor
            gave.
    """

    incidences: Sequence[Incidence]
    labels: Sequence[np.ndarray]
    columns: Sequence[Mapping[str, np.ndarray]]


def build_levels(
    symmetrized: SymmetrizedCrystal,
    constructor: GraphConstructor,
    nest: Sequence[PairRule],
) -> Levels:
    """Return the levels of a crystal.

    Raises:
        StructureError: where an atom has no neighbor under the constructor's rule.
    """
    crystal = symmetrized.crystal
    drawn = constructor.edges(crystal)
    if symmetrized.action is None:
        edges, actions = _sorted(drawn), None
        labels = [symmetrized.orbits, np.arange(len(drawn.sender))]
    else:
        edges, moved = close_edges(drawn, symmetrized.action, symmetrized.generators)
        actions = [moved]
        labels = [symmetrized.orbits, orbits(moved)]
    vector = crystal.vectors(edges.sender, edges.receiver, edges.cell_shift)
    length = orbit_means(lengths(vector), labels[1])
    if "length" in edges.columns:
        given = edges.columns["length"]
        vector[~np.isnan(given)] = np.nan
        length = np.where(np.isnan(given), length, given)
    columns: list[Mapping[str, np.ndarray]] = [
        {**edges.columns, "vector": vector, "length": length}
    ]
    incidences = [Incidence(edges.sender, edges.receiver, edges.cell_shift)]
    for depth, rule in enumerate(nest):
        below = incidences[-1]
        if depth == 0:
            items = pairs(below, rule, length, symmetrized.orbits)
            columns.append({"angle": angles(items, rule, vector)})
        else:
            items = pairs(below, rule, None)
            columns.append({"torsion": torsions(items, below, vector)})
        incidences.append(items)
        if actions is None:
            labels.append(np.arange(len(items.sender)))
        else:
            moved = _moved(items, actions[-1])
            actions.append(moved)
            labels.append(orbits(moved))
    return Levels(incidences, labels, columns)


def _moved(items: Incidence, below: Action) -> Action:
    action = act_on(items, below)
    assert action is not None  # pairs are made by a rule that the group respects
    return action


def _sorted(edges: Edges) -> Edges:
    order = np.argsort(edges.receiver, kind="stable")
    return Edges(
        edges.sender[order],
        edges.receiver[order],
        edges.cell_shift[order],
        {name: column[order] for name, column in edges.columns.items()},
    )
