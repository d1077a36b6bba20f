"""From the levels of a primitive cell to those of a cell that it tiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ngn_core.crystal.cell import Supercell
from ngn_core.crystal.incidence import Incidence, ravel
from ngn_core.graph.quotient import ItemSelection


def expand_to_supercell(
    levels: Sequence[Incidence], supercell: Supercell
) -> list[ItemSelection]:
    """Return every item of the tiled cell, nodes first, each level sorted by receiver.

    Args:
        levels: of the primitive cell, edges first, each sorted by receiver.
        supercell: how the primitive cell fills the cell.
    """
    item, cell = supercell.atom, supercell.cell_shift
    expanded = [ItemSelection(item, None, np.ones_like(item))]
    for level in levels:
        known = _keys(item, cell, supercell)
        order = np.argsort(known)
        counts = np.bincount(level.receiver, minlength=int(item.max(initial=-1)) + 1)
        starts = np.cumsum(counts) - counts
        repeats = counts[item]
        receiver = np.repeat(np.arange(len(item)), repeats)
        within = np.arange(len(receiver))
        within -= np.repeat(np.cumsum(repeats) - repeats, repeats)
        source = starts[item[receiver]] + within
        sent_from = cell[receiver] + level.cell_shift[source]
        wanted = _keys(level.sender[source], sent_from, supercell)
        sender = order[np.searchsorted(known, wanted, sorter=order)]
        shift = supercell.cells(sent_from - cell[sender])
        incidence = Incidence(sender, receiver, shift)
        expanded.append(ItemSelection(source, incidence, np.ones_like(source)))
        item, cell = source, cell[receiver]
    return expanded


def _keys(item: np.ndarray, cell: np.ndarray, supercell: Supercell) -> np.ndarray:
    return ravel((item, supercell.residues(cell)), (supercell.copies**3,))
