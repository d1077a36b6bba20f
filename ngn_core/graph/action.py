"""How a space group moves the items of a level: atoms, edges, angles.

One rule serves every level. An item points at a sender and a receiver of the level
below, the sender translated by `cell_shift`, and lies in the cell of its receiver. An
operation with rotation W that takes sender s to (image s, shift t_s) and receiver r to
(image r, shift t_r) takes the item (s, r, n) to (image s, image r, W n + t_s - t_r),
shifted by t_r.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.incidence import Incidence, farthest, places
from ngn_core.crystal.lengths import lengths
from ngn_core.crystal.space_group import SpaceGroup
from ngn_core.crystal.symmetry import atom_colors
from ngn_core.crystal.torus import nearest
from ngn_core.crystal.validation import CLOSEST_APPROACH
from ngn_core.errors import StructureError


@dataclass(frozen=True)
class Action:
    """What G operations do to the n items of a level.

    Attributes:
        rotations: [G, 3, 3], integers.
        image: [G, n], the item that each item is taken to.
        cell_shift: [G, n, 3], the cell in which that image lies.
    """

    rotations: np.ndarray
    image: np.ndarray
    cell_shift: np.ndarray

    def of(self, operations: np.ndarray) -> Action:
        """Return the action of the chosen operations alone."""
        return Action(
            self.rotations.take(operations, axis=0),
            self.image.take(operations, axis=0),
            self.cell_shift.take(operations, axis=0),
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
        image = nearest(moved, crystal.frac, atom_colors(crystal))
    apart = moved - crystal.frac.take(image, axis=0)
    shift = np.rint(apart)
    distance = lengths((apart - shift) @ crystal.lattice)
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


def move(items: Incidence, below: Action) -> Incidence:
    """Return the images of items under each operation, fields [G, n] and [G, n, 3]."""
    shift = items.cell_shift @ below.rotations.transpose(0, 2, 1)
    shift += below.cell_shift[:, items.sender] - below.cell_shift[:, items.receiver]
    return Incidence(
        below.image[:, items.sender], below.image[:, items.receiver], shift
    )


def act_on(items: Incidence, below: Action) -> Action | None:
    """Return how operations permute items, given how they permute the level below.

    Args:
        items: no two of them equal.
        below: the action on the level below.

    Returns:
        The action, or None where an image is not among the items.
    """
    reach = farthest(items.cell_shift) * 3 * farthest(below.rotations)
    place = places(below.image.shape[1], reach + 2 * farthest(below.cell_shift))
    known = place.number(items)
    # the number of an image, part by part: of its sender, its receiver, its shift
    offset = below.cell_shift @ place.cell_shift
    sent = below.image * place.sender + offset
    received = below.image * place.receiver - offset
    wanted = (place.cell_shift @ below.rotations) @ items.cell_shift.T
    wanted += sent.take(items.sender, axis=1)
    wanted += received.take(items.receiver, axis=1)

    order = known.argsort(kind="stable")  # quick: they are nearly sorted
    known = known.take(order)
    found = known.searchsorted(wanted)
    if len(known) and not (known.take(found, mode="clip") == wanted).all():
        return None
    image = order.take(found, mode="clip") if len(known) else found
    cell_shift = below.cell_shift.take(items.receiver, axis=1)
    return Action(below.rotations, image, cell_shift)
