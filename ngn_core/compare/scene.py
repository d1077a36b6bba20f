"""The picture of a crystal's cell and its edges, as places and orbits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ngn_core.compare.shells import shell_labels
from ngn_core.crystal.build import GEOMETRY
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.lift import lift
from ngn_core.crystal.setting import set_up
from ngn_core.crystal.tower import build_tower
from ngn_core.plugin.interfaces.graph_constructor import GraphConstructor
from ngn_core.spec.graph import GraphOptions

_INSIDE = 1.0e-4
"""Atoms below a face of the cell by less than this fraction are on it."""


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
class Bundle:
    """The edges of one orbit; of one shell where edges are not merged.

    Attributes:
        sender: element.
        receiver: element.
        length: mean, Å.
        multiplicity: of the edge that stands for them.
        edges: (sender, receiver) of each, places in the atoms of the scene.
    """

    sender: str
    receiver: str
    length: float
    multiplicity: int
    edges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Scene:
    """What is drawn.

    Attributes:
        lattice: [3, 3], rows are the cell vectors, Å.
        atoms: those of the cell first, then the images.
        bundles: all edges into atoms of the cell, shortest first.
        what: what a bundle is, `orbit` or `shell`.
    """

    lattice: np.ndarray
    atoms: tuple[Atom, ...]
    bundles: tuple[Bundle, ...]
    what: str


def draw(
    crystal: Crystal,
    options: GraphOptions,
    constructor: GraphConstructor,
    columns: frozenset[str],
) -> Scene:
    """Return the picture of a crystal's graph, with nothing merged.

    Args:
        crystal: as given.
        options: how its graph is built.
        constructor: draws the edges.
        columns: site columns that tell atoms apart.

    Raises:
        StructureError: where the crystal cannot become a graph.
    """
    names = columns - GEOMETRY["node"]
    read = replace(crystal, columns={name: crystal.columns[name] for name in names})
    setting = set_up(read, options)
    tower = build_tower(setting, constructor, ())
    nodes, edges = lift(tower.incidences, setting.tiling)
    assert edges.incidence is not None
    sender, receiver, cell_shift = edges.incidence
    cell = setting.tiling.fill(setting.crystal)
    number = cell.numbers

    home = np.floor(cell.frac + _INSIDE).astype(np.int64)
    shift = cell_shift + home[sender] - home[receiver]
    atoms = len(number)
    inside = np.arange(atoms)[:, None]
    places = np.concatenate(
        [np.pad(inside, ((0, 0), (0, 3))), np.column_stack([sender, shift])]
    )
    outside = np.unique(places[places[:, 1:].any(axis=1)], axis=0)
    drawn = np.concatenate([places[:atoms], outside])
    row = {tuple(place): index for index, place in enumerate(drawn.tolist())}
    sent_from = [row[tuple(place)] for place in places[atoms:].tolist()]
    position = (cell.frac - home)[drawn[:, 0]] + drawn[:, 1:]
    position = position @ cell.lattice

    orbit = tower.labels[0]
    site = _by_first(orbit)[nodes.things]
    size = np.bincount(orbit)[orbit[nodes.things]] * setting.tiling.copies
    length = tower.columns[0]["length"][edges.things]
    if setting.action is None:
        kind = number[sender] * 1000 + number[receiver]
        label, multiplicity = shell_labels(kind, length), np.ones_like(sender)
    else:
        whole = tower.labels[1]
        label = whole[edges.things]
        per_site = np.bincount(orbit)[orbit[nodes.things[receiver]]]
        multiplicity = np.bincount(whole)[label] // per_site
    bundles = []
    for members in _members(label):
        first = members[0]
        bundles.append(
            Bundle(
                symbol_of(int(number[sender[first]])),
                symbol_of(int(number[receiver[first]])),
                float(length[members].mean()),
                int(multiplicity[first]),
                tuple((sent_from[edge], int(receiver[edge])) for edge in members),
            )
        )
    bundles.sort(key=lambda bundle: (bundle.length, bundle.receiver, bundle.sender))
    shown = tuple(
        Atom(
            symbol_of(int(number[atom])),
            (float(x), float(y), float(z)),
            int(site[atom]),
            int(size[atom]),
            index >= atoms,
        )
        for index, (atom, (x, y, z)) in enumerate(
            zip(drawn[:, 0], position, strict=True)
        )
    )
    what = "shell" if setting.action is None else "orbit"
    return Scene(cell.lattice, shown, tuple(bundles), what)


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
