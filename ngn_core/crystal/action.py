"""How a space group moves the things of a level: atoms, edges, angles.

One rule serves every level. A thing points at a sender and a receiver of the level
below, the sender translated by `cell_shift`, and lies in the cell of its receiver. An
operation with rotation W that takes sender s to (image s, shift t_s) and receiver r to
(image r, shift t_r) takes the thing (s, r, n) to (image s, image r, W n + t_s - t_r),
shifted by t_r.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.sanity import CLOSEST_APPROACH
from ngn_core.crystal.symmetry import SpaceGroup, atom_colors
from ngn_core.errors import StructureError


class Incidence(NamedTuple):
    """Where the n things of a level point in the level below.

    Attributes:
        sender: [n] or [G, n].
        receiver: [n] or [G, n].
        cell_shift: [n, 3] or [G, n, 3], integer translation of the sender.
    """

    sender: np.ndarray
    receiver: np.ndarray
    cell_shift: np.ndarray

    def rows(self, which: np.ndarray) -> Incidence:
        """Return the chosen things."""
        return Incidence(*(field[which] for field in self))


@dataclass(frozen=True)
class Action:
    """What G operations do to the n things of a level.

    Attributes:
        rotations: [G, 3, 3], integers.
        image: [G, n], the thing that each thing is taken to.
        cell_shift: [G, n, 3], the cell in which that image lies.
    """

    rotations: np.ndarray
    image: np.ndarray
    cell_shift: np.ndarray

    def of(self, operations: np.ndarray) -> Action:
        """Return the action of the chosen operations alone."""
        return Action(
            self.rotations[operations],
            self.image[operations],
            self.cell_shift[operations],
        )


def act_on_atoms(
    crystal: Crystal, group: SpaceGroup, tolerance: float = CLOSEST_APPROACH / 2
) -> Action:
    """Return how a space group permutes the atoms of a crystal.

    Args:
        crystal: the crystal.
        group: operations on the crystal's cell.
        tolerance: how far an image may lie from the atom it is taken for, Å; at half
            of the closest approach of two atoms there is one atom at most.

    Raises:
        StructureError: where an operation does not map the crystal on itself.
    """
    atoms = len(crystal.frac)
    moved = crystal.frac @ group.rotations.transpose(0, 2, 1)
    moved += group.translations[:, None]
    if len(group) == 1:
        image = np.arange(atoms)[None]
    else:
        colors = atom_colors(crystal)
        tree = periodic_tree(crystal.frac, colors)
        _, image = tree.query(_torus(moved, np.broadcast_to(colors, moved.shape[:2])))
    apart = moved - crystal.frac[image]
    shift = np.rint(apart)
    distance = np.linalg.norm((apart - shift) @ crystal.lattice, axis=-1)
    one_to_one = (np.sort(image, axis=1) == np.arange(atoms)).all()
    if not one_to_one or distance.max(initial=0.0) > tolerance:
        operation, atom = np.unravel_index(np.argmax(distance), distance.shape)
        raise StructureError(
            f"operation {operation} of space group {group.number} ({group.symbol}) "
            f"takes {crystal.site_name(int(atom))} to a place {distance.max():.3g} Å "
            "from the next equal atom; an operation maps the crystal on itself within "
            f"{tolerance:g} Å: try a smaller symprec"
        )
    return Action(group.rotations, image, shift.astype(np.int64))


def move(things: Incidence, below: Action) -> Incidence:
    """Return the images of things under each operation, fields [G, n] and [G, n, 3]."""
    shift = things.cell_shift @ below.rotations.transpose(0, 2, 1)
    shift += below.cell_shift[:, things.sender] - below.cell_shift[:, things.receiver]
    return Incidence(
        below.image[:, things.sender], below.image[:, things.receiver], shift
    )


def act_on(things: Incidence, below: Action) -> Action | None:
    """Return how operations permute things, given how they permute the level below.

    Args:
        things: no two of them equal.
        below: the action on the level below.

    Returns:
        The action, or None where an image is not among the things.
    """
    known, wanted = encode(things, move(things, below))
    order = np.argsort(known)
    place = np.searchsorted(known, wanted, sorter=order)
    if len(known) == 0:
        image = place
    else:
        image = order[np.minimum(place, len(known) - 1)]
        if not np.array_equal(known[image], wanted):
            return None
    return Action(below.rotations, image, below.cell_shift[:, things.receiver])


def encode(*sets: Incidence) -> list[np.ndarray]:
    """Return one int64 a thing, equal where things are equal, in all sets alike.

    They sort by receiver, then sender, then shift.
    """
    senders = 1 + max(int(things.sender.max(initial=0)) for things in sets)
    receivers = 1 + max(int(things.receiver.max(initial=0)) for things in sets)
    shifts = [things.cell_shift.reshape(-1, 3) for things in sets]
    low = np.min([shift.min(axis=0, initial=0) for shift in shifts], axis=0)
    high = np.max([shift.max(axis=0, initial=0) for shift in shifts], axis=0)
    span = [int(width) for width in high - low + 1]
    if receivers * senders * span[0] * span[1] * span[2] > np.iinfo(np.int64).max:
        raise StructureError(
            f"the graph of this crystal is too large: {receivers} things of one level"
        )
    return [
        ravel(
            (
                things.receiver,
                things.sender,
                *np.moveaxis(things.cell_shift - low, -1, 0),
            ),
            (senders, *span),
        )
        for things in sets
    ]


def ravel(digits: Sequence[np.ndarray], radices: Sequence[int]) -> np.ndarray:
    """Return mixed-radix numbers, int64; the first digit has no radix."""
    number = digits[0].astype(np.int64)
    for digit, radix in zip(digits[1:], radices, strict=True):
        number = number * radix + digit
    return number


def generators(group: SpaceGroup) -> np.ndarray:
    """Return a few operations whose products are the group, modulo translations.

    All but the identity where operations differ by a pure translation, that is, on a
    cell that is not primitive.
    """
    size = len(group)
    flat = group.rotations.reshape(size, 9)
    bound = int(np.abs(flat).max())
    digits = (2 * bound + 1) ** np.arange(9)
    keys = (flat + bound) @ digits
    order = np.argsort(keys)
    if len(np.unique(keys)) < size:
        return np.arange(size)[1:]
    products = group.rotations[:, None] @ group.rotations[None]
    product_keys = (products.reshape(size, size, 9) + bound) @ digits
    table = order[np.searchsorted(keys, product_keys, sorter=order)]
    identity = int(
        np.flatnonzero((flat == np.eye(3, dtype=int).ravel()).all(axis=1))[0]
    )
    inside = np.zeros(size, dtype=bool)
    inside[identity] = True
    chosen: list[int] = []
    while not inside.all():
        chosen.append(int(np.flatnonzero(~inside)[0]))
        inside[chosen[-1]] = True
        before = 0
        while before < inside.sum():
            before = inside.sum()
            inside[table[np.ix_(inside, inside)]] = True
    return np.array(chosen, dtype=np.int64)


def periodic_tree(frac: np.ndarray, colors: np.ndarray) -> Any:
    """Return a search tree over atoms on the unit torus, colors kept apart."""
    from scipy.spatial import cKDTree

    return cKDTree(_torus(frac, colors), boxsize=[1.0, 1.0, 1.0, 0.0])


def _torus(frac: np.ndarray, colors: np.ndarray) -> np.ndarray:
    wrapped = frac - np.floor(frac)
    wrapped[wrapped >= 1.0] = 0.0  # of -1e-17
    return np.concatenate([wrapped, 2.0 * colors[..., None]], axis=-1)
