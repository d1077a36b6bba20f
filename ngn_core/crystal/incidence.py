"""Where the items of a level point in the level below, and one number for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ngn_core.errors import StructureError

_LARGEST = int(np.iinfo(np.int64).max)


class Incidence(NamedTuple):
    """Where the n items of a level point in the level below.

    Attributes:
        sender: [n] or [G, n].
        receiver: [n] or [G, n].
        cell_shift: [n, 3] or [G, n, 3], integer translation of the sender.
    """

    sender: np.ndarray
    receiver: np.ndarray
    cell_shift: np.ndarray

    def rows(self, which: np.ndarray) -> Incidence:
        """Return the chosen ones of n items."""
        return Incidence(*(field.take(which, axis=0) for field in self))


class Places(NamedTuple):
    """The places of a mixed-radix number that stands for an item.

    Numbers of different items differ, and sort by receiver, then sender, then shift.

    Attributes:
        receiver: by how much the number grows with the receiver.
        sender: with the sender.
        cell_shift: [3], with each component of the shift.
    """

    receiver: int
    sender: int
    cell_shift: np.ndarray

    def number(self, items: Incidence) -> np.ndarray:
        """Return the number of each item, int64, [n]."""
        number: np.ndarray = items.cell_shift @ self.cell_shift
        number += items.receiver * self.receiver
        number += items.sender * self.sender
        return number


def places(below: int, farthest: int) -> Places:
    """Return the places of the numbers of items.

    Args:
        below: how many items the level below has.
        farthest: no component of a shift is larger.

    Raises:
        StructureError: where 64 bits do not hold the numbers.
    """
    span = 2 * farthest + 1
    if below**2 * span**3 > _LARGEST:
        raise StructureError(
            f"the graph of this crystal is too large: {below} items of one level"
        )
    return Places(below * span**3, span**3, np.array([span**2, span, 1]))


def farthest(integers: np.ndarray) -> int:
    """Return the largest of integers, without their signs; 0 where there are none."""
    return int(max(integers.max(initial=0), -integers.min(initial=0)))


def ravel(digits: Sequence[np.ndarray], radices: Sequence[int]) -> np.ndarray:
    """Return mixed-radix numbers, int64; the first digit has no radix."""
    number = digits[0].astype(np.int64)
    for digit, radix in zip(digits[1:], radices, strict=True):
        number = number * radix + digit
    return number
