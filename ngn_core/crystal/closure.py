"""Closing an edge set under a space group."""

from __future__ import annotations

import numpy as np

from ngn_core.crystal.action import Action, act_on, move
from ngn_core.crystal.incidence import Incidence, encode
from ngn_core.crystal.orbits import orbit_means, orbits
from ngn_core.plugin.interfaces.graph_constructor import Edges


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
    key, first = np.unique(encode(given)[0], return_index=True)
    things = given.rows(first)
    below = action.of(generators)
    permuted = act_on(things, below)
    if permuted is None:
        images = move(things, action)
        things = Incidence(
            images.sender.ravel(),
            images.receiver.ravel(),
            images.cell_shift.reshape(-1, 3),
        )
        things = things.rows(np.unique(encode(things)[0], return_index=True)[1])
        permuted = act_on(things, below)
        assert permuted is not None  # a union over a group is closed
    columns = {}
    if edges.columns:
        labels = orbits(permuted)
        old, new = encode(given, things)
        place = np.searchsorted(new, old)
        for name, column in edges.columns.items():
            spread = np.full((len(new), *column.shape[1:]), np.nan)
            spread[place] = column
            columns[name] = orbit_means(spread, labels)
    return Edges(things.sender, things.receiver, things.cell_shift, columns), permuted
