"""Work that several processes share: what another one does is looked at again later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def take_in_turn(
    attempts: Sequence[Callable[[], T | None]], wait: Callable[[list[int]], None]
) -> list[T]:
    """Return what each attempt gives, in their order.

    Args:
        attempts: give None while another process is at it; they are made again when
            all others were.
        wait: called with the places of those, when there is nothing else to do.
    """
    found: dict[int, T] = {}
    while len(found) < len(attempts):
        left = [place for place in range(len(attempts)) if place not in found]
        given = {place: attempts[place]() for place in left}
        new = {place: one for place, one in given.items() if one is not None}
        found |= new
        if not new:
            wait(left)
    return [found[place] for place in range(len(attempts))]
