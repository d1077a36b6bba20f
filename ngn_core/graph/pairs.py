"""Pairs of items that meet: angles are pairs of edges, torsions pairs of angles."""

from __future__ import annotations

import numpy as np

from ngn_core.crystal.incidence import Incidence
from ngn_core.crystal.neighbors import SAME_PLACE
from ngn_core.spec.graph import PairRule


def pairs(
    items: Incidence,
    rule: PairRule,
    length: np.ndarray | None,
    number: np.ndarray | None = None,
) -> Incidence:
    """Return the ordered pairs (sender item, receiver item) that a rule makes.

    `receiver`: both arrive at one place. `sender`: both leave one place. `chain`: the
    first arrives where the second leaves. For the first two an item is not paired with
    itself; in a chain an item that leads to a place's own image is followed by its own
    translate, unless the rule drops that.

    Args:
        items: n items of a level, sorted by receiver.
        rule: which pairs.
        length: [n], Å; needed where the rule has a cutoff.
        number: of each node that items point at, equal where nodes are one node of
            the graph; needed where the rule drops pairs by node numbers.

    Returns:
        The pairs, sorted by receiver item, then sender item; the shift is the cell of
        the sender item, seen from the receiver item.
    """
    chosen = np.arange(len(items.sender))
    if rule.cutoff is not None:
        if length is None:
            raise ValueError("a cutoff is for pairs of edges, which have a length")
        chosen = chosen[length <= rule.cutoff + SAME_PLACE]
    kept = items.rows(chosen)
    meeting_first = kept.sender if rule.use == "sender" else kept.receiver
    meeting_second = kept.receiver if rule.use == "receiver" else kept.sender
    first, second = _join(meeting_first, meeting_second)

    if rule.use == "receiver":
        shift = np.zeros((len(first), 3), dtype=np.int64)
    elif rule.use == "chain":
        shift = kept.cell_shift[second]
    else:
        shift = kept.cell_shift[second] - kept.cell_shift[first]

    if rule.use != "chain":
        allowed = first != second
    elif rule.way_back == "drop":
        back = kept.sender[first] == kept.receiver[second]
        back &= ~(kept.cell_shift[first] + kept.cell_shift[second]).any(axis=1)
        allowed = ~back
    else:
        allowed = np.ones(len(first), dtype=bool)
    if rule.itself == "drop":
        allowed &= first != second
    if rule.same_atoms == "drop":
        if number is None:
            raise ValueError("same_atoms: drop is for pairs of edges between atoms")
        start, end = number[kept.sender], number[kept.receiver]
        same = (start[first] == start[second]) & (end[first] == end[second])
        same |= (start[first] == end[second]) & (end[first] == start[second])
        allowed &= ~same
    return Incidence(chosen[first[allowed]], chosen[second[allowed]], shift[allowed])


def angles(pairs: Incidence, rule: PairRule, vector: np.ndarray) -> np.ndarray:
    """Return the angle of each pair of edges at the atom they share, [A], 0 to pi.

    It lies between the vectors from that atom to the other two; a way back has 0.

    Args:
        pairs: A pairs of edges.
        rule: that made them.
        vector: [E, 3], from receiver to sender, Å.
    """
    first, second = vector[pairs.sender], vector[pairs.receiver]
    if rule.use == "chain":
        second = -second
    across = np.linalg.norm(np.cross(first, second), axis=1)
    along = np.einsum("ax,ax->a", first, second)
    angle: np.ndarray = np.arctan2(across, along)
    return angle


def torsions(
    pairs: Incidence, angle_pairs: Incidence, vector: np.ndarray
) -> np.ndarray:
    """Return sin(t1) sin(t2) cos(phi) of each pair of angles that share an edge.

    With unit vectors u1, u2 of the angles' other edges and e of the shared one it is
    u1.u2 - (u1.e)(u2.e): defined everywhere, unchanged by mirrors and by the signs of
    the vectors, hence the same for all pair rules of the angles.

    Args:
        pairs: pairs of angles that arrive at one edge.
        angle_pairs: the angles, as pairs of edges.
        vector: [E, 3], Å.
    """
    unit = vector / np.linalg.norm(vector, axis=1, keepdims=True)
    one = unit[angle_pairs.sender[pairs.sender]]
    two = unit[angle_pairs.sender[pairs.receiver]]
    shared = unit[angle_pairs.receiver[pairs.receiver]]

    def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.asarray(np.einsum("ax,ax->a", a, b))

    return np.asarray(dot(one, two) - dot(one, shared) * dot(two, shared))


def _join(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all (a, b) with first[a] == second[b], sorted by b, then a."""
    order = np.argsort(first, kind="stable")
    places = 1 + max(int(first.max(initial=-1)), int(second.max(initial=-1)))
    counts = np.bincount(first, minlength=places)
    starts = np.concatenate([[0], np.cumsum(counts)])
    repeats = counts[second]
    b = np.repeat(np.arange(len(second)), repeats)
    within = np.arange(len(b)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return order[starts[second[b]] + within], b
