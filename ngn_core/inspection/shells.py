"""Neighbor shells: the neighbors of one element at one distance from an atom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAME_SHELL = 1.0e-2
"""Neighbors whose lengths follow one another by less than this are one shell, Å."""


@dataclass(frozen=True)
class Shell:
    """The neighbors of one element at one distance.

    Attributes:
        element: of the neighbors, symbol; several where they share a site.
        distance: mean over the neighbors, Å.
        count: how many neighbors.
        multiplicities: of the stored edges to them; they add up to `count`.
    """

    element: str
    distance: float
    count: int
    multiplicities: tuple[int, ...]


def shells(
    element: np.ndarray, length: np.ndarray, multiplicity: np.ndarray
) -> tuple[Shell, ...]:
    """Return the shells of one atom, nearest first.

    Args:
        element: [E], what the senders of the edges that arrive at it are, as text.
        length: [E], Å.
        multiplicity: [E], neighbors that each edge stands for.
    """
    kind = np.unique(element, return_inverse=True)[1].ravel()
    label = shell_labels(kind, length)
    found = []
    for shell in range(int(label.max(initial=-1)) + 1):
        members = label == shell
        weights = multiplicity[members]
        found.append(
            Shell(
                str(element[members][0]),
                float(np.average(length[members], weights=weights)),
                int(weights.sum()),
                tuple(sorted(weights.tolist(), reverse=True)),
            )
        )
    return tuple(sorted(found, key=lambda shell: (shell.distance, shell.element)))


def shell_labels(kind: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Return one integer a shell for each edge, [E]: one kind, nearly one length.

    Args:
        kind: [E], integers.
        length: [E], Å.
    """
    order = np.lexsort((length, kind))
    new = np.diff(kind[order]) != 0
    new |= np.diff(length[order]) > SAME_SHELL
    label = np.empty(len(order), dtype=np.int64)
    label[order] = np.concatenate([[0], np.cumsum(new)])[: len(order)]
    return label
