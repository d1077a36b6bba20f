"""The quotient of a tower of levels by its orbits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ngn_core.crystal.incidence import Incidence


@dataclass(frozen=True)
class Selection:
    """What a graph takes of a level.

    Attributes:
        things: [n], which thing of the level each is.
        incidence: where each points, among what is taken below; None for nodes.
        multiplicity: [n], integers, |orbit| / |orbit of the receiver|.
    """

    things: np.ndarray
    incidence: Incidence | None
    multiplicity: np.ndarray


def quotient(
    levels: Sequence[Incidence],
    labels: Sequence[np.ndarray],
    rule: Literal["asymmetric", "orbits"],
) -> list[Selection]:
    """Return what stays of each level, nodes first.

    `asymmetric` keeps one node an orbit and all that points at what is kept below;
    `orbits` keeps one thing an orbit on every level. A sender that does not stay is
    replaced by a kept thing of its orbit, which carries the same features.

    Args:
        levels: edges, angles ..., each sorted by receiver.
        labels: orbit of each thing, nodes first.
        rule: which quotient.
    """
    things = np.unique(labels[0], return_index=True)[1]
    things.sort()
    sizes = np.bincount(labels[0])
    kept = [Selection(things, None, sizes[labels[0][things]])]
    for level, label, label_below in zip(levels, labels[1:], labels[:-1], strict=True):
        place = _places(kept[-1].things, label_below)
        stays = np.zeros(len(label_below), dtype=bool)
        stays[kept[-1].things] = True
        things = np.flatnonzero(stays[level.receiver])
        multiplicity = np.ones(len(things), dtype=np.int64)
        if rule == "orbits":
            things = things[np.unique(label[things], return_index=True)[1]]
            things.sort()
            sizes_below = np.bincount(label_below)
            sizes = np.bincount(label)
            receivers = label_below[level.receiver[things]]
            multiplicity = sizes[label[things]] // sizes_below[receivers]
        incidence = Incidence(
            place[level.sender[things]],
            place[level.receiver[things]],
            level.cell_shift[things],
        )
        kept.append(Selection(things, incidence, multiplicity))
    return kept


def _places(things: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Return the place among kept things of each thing or of one of its orbit."""
    of_orbit = np.empty(int(label.max(initial=-1)) + 1, dtype=np.int64)
    of_orbit[label[things][::-1]] = np.arange(len(things))[::-1]
    place: np.ndarray = of_orbit[label]
    place[things] = np.arange(len(things))
    return place
