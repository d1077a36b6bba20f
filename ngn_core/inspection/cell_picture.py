"""The picture of a crystal's cell and its edges, as places and orbits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ngn_core.crystal.crystal import Crystal, symbols
from ngn_core.crystal.incidence import Incidence
from ngn_core.graph.build import GEOMETRY
from ngn_core.graph.graph_constructor import GraphConstructor
from ngn_core.graph.levels import build_levels
from ngn_core.graph.supercell import expand_to_supercell
from ngn_core.graph.symmetrized_crystal import symmetrize
from ngn_core.inspection.shells import shell_labels
from ngn_core.spec.graph import GraphOptions

_INSIDE = 1.0e-4
"""Atoms below a face of the cell by less than this fraction are on it."""

NEAR = 1.3
"""Longest near edge of an atom over its shortest one."""


@dataclass(frozen=True)
class Atom:
    """An atom of the picture.

    Attributes:
        element: symbol.
        position: Å.
        site: kept node that stands for it, from 0.
        multiplicity: of that node.
        image: whether it lies outside the cell, at the end of an edge.
    """

    element: str
    position: tuple[float, float, float]
    site: int
    multiplicity: int
    image: bool


@dataclass(frozen=True)
class EdgeGroup:
    """The edges of one orbit; of one shell where edges are not merged.

    Attributes:
        sender: element.
        receiver: element.
        length: mean, Å.
        multiplicity: of the edge that stands for them.
        near: whether they are hardly longer than the shortest edge of their receiver.
        edges: (sender, receiver) of each, places in the atoms of the scene.
    """

    sender: str
    receiver: str
    length: float
    multiplicity: int
    near: bool
    edges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CellPicture:
    """What is drawn.

    Attributes:
        lattice: [3, 3], rows are the cell vectors, Å.
        atoms: those of the cell first, then the images.
        edge_groups: all edges into atoms of the cell, shortest first.
        what: what a bundle is, `orbit` or `shell`.
    """

    lattice: np.ndarray
    atoms: tuple[Atom, ...]
    edge_groups: tuple[EdgeGroup, ...]
    what: str


def draw(
    crystal: Crystal,
    options: GraphOptions,
    constructor: GraphConstructor,
    columns: frozenset[str],
) -> CellPicture:
    """Return the picture of a crystal's graph, with nothing merged.

    Args:
        crystal: as given.
        options: how its graph is built.
        constructor: draws the edges.
        columns: site columns that tell atoms apart.

    Raises:
        StructureError: where the crystal cannot become a graph.
    """
    names = columns - set(GEOMETRY["node"])
    read = replace(crystal, columns={name: crystal.columns[name] for name in names})
    symmetrized = symmetrize(read, options)
    levels = build_levels(symmetrized, constructor, ())
    nodes, edges = expand_to_supercell(levels.incidences, symmetrized.supercell)
    assert edges.incidence is not None
    cell = symmetrized.supercell.fill(symmetrized.crystal)
    drawn, ends, position = _places(cell, edges.incidence)

    label, whole = levels.labels[0], np.bincount(levels.labels[0])
    site = _by_first(label)[nodes.items]
    size = whole[label[nodes.items]] * symmetrized.supercell.copies
    element, atoms = [symbols(site) for site in cell.species], len(cell.frac)
    shown = tuple(
        Atom(
            element[atom],
            (float(x), float(y), float(z)),
            int(site[atom]),
            int(size[atom]),
            row >= atoms,
        )
        for row, (atom, (x, y, z)) in enumerate(zip(drawn, position, strict=True))
    )

    receiver = edges.incidence.receiver
    length = levels.columns[0]["length"][edges.items]
    if symmetrized.action is None:
        number = np.unique(element, return_inverse=True)[1]
        kinds = np.stack([number[edges.incidence.sender], number[receiver]])
        kind = np.unique(kinds, axis=1, return_inverse=True)[1].ravel()
        edge_group, multiplicity = shell_labels(kind, length), np.ones_like(receiver)
    else:
        edge_group = levels.labels[1][edges.items]
        received = whole[label[nodes.items[receiver]]]
        multiplicity = np.bincount(levels.labels[1])[edge_group] // received
    nearest = np.full(atoms, np.inf)
    np.minimum.at(nearest, receiver, length)
    edge_groups = [
        EdgeGroup(
            shown[ends[edge[0]]].element,
            shown[receiver[edge[0]]].element,
            float(length[edge].mean()),
            int(multiplicity[edge[0]]),
            bool((length[edge] <= NEAR * nearest[receiver[edge]]).any()),
            tuple(zip(ends[edge].tolist(), receiver[edge].tolist(), strict=True)),
        )
        for edge in _members(edge_group)
    ]
    edge_groups.sort(
        key=lambda edge_group: (
            edge_group.length,
            edge_group.receiver,
            edge_group.sender,
        )
    )
    what = "shell" if symmetrized.action is None else "orbit"
    return CellPicture(cell.lattice, shown, tuple(edge_groups), what)


def _places(
    cell: Crystal, edges: Incidence
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what is drawn where, the atoms of the cell moved into it.

    Returns:
        The atom of each item that is drawn, those of the cell first; the place among
        them at which each edge starts, [E]; their positions, Å.
    """
    atoms = len(cell.frac)
    home = np.floor(cell.frac + _INSIDE).astype(np.int64)
    shift = edges.cell_shift + home[edges.sender] - home[edges.receiver]
    starts = np.column_stack([shift.any(axis=1), edges.sender, shift])
    inside = np.pad(np.arange(atoms)[:, None], ((0, 0), (1, 3)))
    drawn, places = np.unique(
        np.concatenate([inside, starts]), axis=0, return_inverse=True
    )
    frac = (cell.frac - home)[drawn[:, 1]] + drawn[:, 2:]
    return drawn[:, 1], places.ravel()[atoms:], frac @ cell.lattice


def _by_first(label: np.ndarray) -> np.ndarray:
    """Return labels renumbered in the order in which they come first."""
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank: np.ndarray = np.argsort(np.argsort(first))[inverse]
    return rank


def _members(label: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(label, kind="stable")
    return (
        np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else []
    )
