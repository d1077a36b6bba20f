"""The quotient of levels, one above the other by its orbits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ngn_core.crystal.incidence import Incidence


@dataclass(frozen=True)
class ItemSelection:
    """What a graph takes of a level.

    Attributes:
        items: [n], which item of the level each is.
        incidence: where each points, among what is taken below; None for nodes.
        multiplicity: [n], integers, |orbit| / |orbit of the receiver|.
    """

    items: np.ndarray
    incidence: Incidence | None
    multiplicity: np.ndarray


def quotient(
    levels: Sequence[Incidence],
    labels: Sequence[np.ndarray],
    rule: Literal["asymmetric", "orbits"],
) -> list[ItemSelection]:
    """Return what stays of each level, nodes first.

    `asymmetric` keeps one node an orbit and all that points at what is kept below;
    `orbits` keeps one item an orbit on every level. A sender that does not stay is
    replaced by a kept item of its orbit, which carries the same features.

    Args:
        levels: edges, angles ..., each sorted by receiver.
        labels: orbit of each item, nodes first.
        rule: which quotient.
    """
    sizes = np.bincount(labels[0])
    items = np.sort(_first(labels[0], len(sizes)))
    kept = [ItemSelection(items, None, sizes.take(labels[0].take(items)))]
    for level, label, label_below in zip(levels, labels[1:], labels[:-1], strict=True):
        below, sizes_below = items, sizes
        sizes = np.bincount(label)
        if rule == "orbits":  # the receiver of an orbit's first item is a first item
            items = np.sort(_first(label, len(sizes)))
            receivers = label_below.take(level.receiver.take(items))
            multiplicity = sizes.take(label.take(items)) // sizes_below.take(receivers)
        else:
            stays = np.zeros(len(label_below), dtype=bool)
            stays[below] = True
            items = stays.take(level.receiver).nonzero()[0]
            multiplicity = np.ones(len(items), dtype=np.int64)
        # the place among what is kept below of each item, or of one of its orbit
        place = _first(label_below.take(below), len(sizes_below)).take(label_below)
        place[below] = np.arange(len(below))
        incidence = Incidence(
            place.take(level.sender.take(items)),
            place.take(level.receiver.take(items)),
            level.cell_shift.take(items, axis=0),
        )
        kept.append(ItemSelection(items, incidence, multiplicity))
    return kept


def _first(label: np.ndarray, orbits: int) -> np.ndarray:
    """Return the first item of each orbit, by the orbit's number."""
    first = np.empty(orbits, dtype=np.int64)
    first[label[::-1]] = np.arange(len(label))[::-1]
    return first
