"""Where the things of a level point in the level below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

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
