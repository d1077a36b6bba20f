"""Closing an edge set under a space group."""

from __future__ import annotations

import numpy as np

from ngn_core.crystal.incidence import Incidence, farthest, places
from ngn_core.graph.action import Action, act_on, move
from ngn_core.graph.graph_constructor import Edges
from ngn_core.graph.orbits import orbit_means, orbits


def close_edges(
    edges: Edges, action: Action, generators: np.ndarray
) -> tuple[Edges, Action]:
    """Return the union of an edge set's images, and how the group permutes it.

    A column becomes its mean over the orbit, of the members that the constructor gave;
    an edge given twice counts once.

    Args:
        edges: E edges of a crystal.
        action: of the whole group on the atoms.
        generators: which operations of the group generate it.

    Returns:
        The edges, sorted by receiver, and the action of the generators on them.
    """
    given = Incidence(edges.sender, edges.receiver, edges.cell_shift)
    atoms = action.image.shape[1]
    below = action.of(generators)
    items = _each_once(given, atoms)
    permuted = act_on(items, below)
    if permuted is None:
        images = move(items, action)
        every = Incidence(
            images.sender.ravel(),
            images.receiver.ravel(),
            images.cell_shift.reshape(-1, 3),
        )
        items = _each_once(every, atoms)
        permuted = act_on(items, below)
        assert permuted is not None  # a union over a group is closed
    columns = {}
    if edges.columns:
        labels = orbits(permuted)
        place = places(atoms, farthest(items.cell_shift))
        row = place.number(items).searchsorted(place.number(given))
        for name, column in edges.columns.items():
            spread = np.full((len(labels), *column.shape[1:]), np.nan)
            spread[row] = column
            columns[name] = orbit_means(spread, labels)
    return Edges(items.sender, items.receiver, items.cell_shift, columns), permuted


def _each_once(items: Incidence, atoms: int) -> Incidence:
    """Return items without repeats, by receiver, then sender, then shift."""
    number = places(atoms, farthest(items.cell_shift)).number(items)
    order = number.argsort(kind="stable")
    number = number.take(order)
    other = number[1:] != number[:-1]
    if not other.all():
        order = order[np.concatenate([[True], other])]
    return items.rows(order)
