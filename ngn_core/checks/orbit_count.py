"""The orbits of a crystal's graph, counted without the quotient that is checked.

Every operation of the space group moves the end points of every edge, angle and torsion
in space. What is compared with it is what the graph stores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.incidence import Incidence
from ngn_core.crystal.space_group import SpaceGroup, trivial_group
from ngn_core.crystal.symmetry import atom_colors, find_space_group
from ngn_core.graph.graph import LEVELS
from ngn_core.graph.levels import build_levels
from ngn_core.graph.symmetrized_crystal import symmetrize
from ngn_core.spec.spec import GraphSpec

EXACT = 1e-5
"""Å; how well the atoms of an idealized crystal fall on each other."""


@dataclass(frozen=True)
class Orbits:
    """The orbits of every level of one crystal's graph.

    Attributes:
        sizes: [orbits] of each level, sorted, on the cell on which edges are drawn.
        atoms: of that cell.
        space_group: number of the group.
        closed: whether every image of an edge is an edge.
    """

    sizes: tuple[np.ndarray, ...]
    atoms: int
    space_group: int
    closed: bool


def count_orbits(
    crystal: Crystal, graph: GraphSpec, columns: Mapping[str, frozenset[str]]
) -> Orbits:
    """Return the orbits of a crystal's edges and of all levels above them.

    Args:
        crystal: as given.
        graph: whose cell, edges and pairs are taken.
        columns: that the network reads, by level.

    Raises:
        StructureError: where the crystal has no graph or its idealized cell no group.
    """
    names = columns.get("node", frozenset()) & set(crystal.columns)
    read = {name: crystal.columns[name] for name in names}
    symmetrized = symmetrize(replace(crystal, columns=read), graph.options)
    levels = build_levels(symmetrized, graph.edges.build(), graph.options.nest)
    if symmetrized.action is None:
        group = trivial_group()
    else:
        group = find_space_group(symmetrized.crystal, EXACT, finder="spglib")
    moves = _moves(symmetrized.crystal, group)
    points = _Points(
        np.arange(len(symmetrized.crystal.frac))[:, None],
        np.zeros((len(symmetrized.crystal.frac), 1, 3), dtype=np.int64),
    )
    sizes, closed = [], True
    for place in range(len(levels.incidences) + 1):
        if place > 0:
            points = _points(levels.incidences[place - 1], points)
        label, inside = _label(points, moves)
        closed &= inside or place > 1
        sizes.append(np.sort(np.unique(label, return_counts=True)[1]))
    atoms = len(symmetrized.crystal.frac)
    return Orbits(tuple(sizes), atoms, group.number, closed)


def mistakes(
    orbits: Orbits,
    stored: list[np.ndarray],
    whole: list[float],
    cell_atoms: int,
) -> str | None:
    """Return what is wrong with a quotient, as a sentence; None where nothing is.

    Args:
        orbits: that were counted.
        stored: how often each stored item counts, level by level.
        whole: number of items of the whole cell, level by level.
        cell_atoms: of that cell.
    """
    if not orbits.closed:
        return f"edges are not closed under space group {orbits.space_group}"
    copies = cell_atoms / orbits.atoms
    for name, sizes, weight, total in zip(
        LEVELS, orbits.sizes, stored, whole, strict=False
    ):
        if len(weight) != len(sizes):
            return f"{len(weight)} {name}s are stored for {len(sizes)} orbits"
        if not np.isclose(weight.sum(), total, rtol=1e-9):
            return f"stored {name}s count as {weight.sum():g}; the cell has {total:g}"
        if not np.allclose(np.sort(weight), sizes * copies, rtol=1e-9):
            return f"the weights of the stored {name}s are not the sizes of the orbits"
    return None


@dataclass(frozen=True)
class _Points:
    """The atoms that n items join: [n, P], and the cells they lie in, [n, P, 3].

    The last point is the receiver's, in the home cell.
    """

    atom: np.ndarray
    cell: np.ndarray


@dataclass(frozen=True)
class _Move:
    rotation: np.ndarray
    image: np.ndarray
    cell: np.ndarray


def _moves(crystal: Crystal, group: SpaceGroup) -> list[_Move]:
    """Return where each operation takes each atom, from the places of the atoms."""
    colors = atom_colors(crystal)
    unlike = np.where(colors[:, None] == colors, 0.0, np.inf)
    moves = []
    for rotation, translation in zip(group.rotations, group.translations, strict=True):
        moved = crystal.frac @ rotation.T + translation
        apart = moved[:, None] - crystal.frac[None]
        distance = np.linalg.norm((apart - np.rint(apart)) @ crystal.lattice, axis=2)
        image = np.argmin(distance + unlike, axis=1)
        cell = np.rint(moved - crystal.frac[image]).astype(np.int64)
        moves.append(_Move(rotation, image, cell))
    return moves


def _points(items: Incidence, below: _Points) -> _Points:
    """Return the points of items, sender's before receiver's."""
    atom = np.concatenate([below.atom[items.sender], below.atom[items.receiver]], 1)
    sent = below.cell[items.sender] + items.cell_shift[:, None]
    return _Points(atom, np.concatenate([sent, below.cell[items.receiver]], 1))


def _label(points: _Points, moves: list[_Move]) -> tuple[np.ndarray, bool]:
    """Return one number an orbit for each item, and whether all images are there."""
    known = _keys(points)
    label, inside = known.copy(), True
    for move in moves:
        cell = points.cell @ move.rotation.T + move.cell[points.atom]
        cell -= cell[:, -1:].copy()
        image = _keys(_Points(move.image[points.atom], cell))
        inside = inside and bool(np.isin(image, known).all())
        label = np.minimum(label, image)
    return label, inside


def _keys(points: _Points) -> np.ndarray:
    """Return random 64-bit numbers, [n], equal where the points are the same."""
    rows = np.concatenate([points.atom[:, :, None], points.cell], axis=2)
    rows = rows.reshape(len(rows), rows.shape[1] * 4).astype(np.uint64)
    random = np.random.default_rng(rows.shape[1])
    factors = random.integers(2**63, size=rows.shape[1], dtype=np.uint64) * 2 + 1
    keys: np.ndarray = (rows * factors.astype(np.uint64)).sum(axis=1, dtype=np.uint64)
    return keys
