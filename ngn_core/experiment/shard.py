"""A share of the trials of a comparison, for schedulers that know nothing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ngn_core.errors import NGNError


@dataclass(frozen=True)
class Shard:
    """One of several shares: every `of`-th trial, from the `number`-th on.

    Attributes:
        number: from 1 on.
        of: how many shares there are.
    """

    number: int
    of: int

    def has(self, place: int) -> bool:
        """Return whether the trial at a place of the grid belongs to it."""
        return place % self.of == self.number - 1

    def __str__(self) -> str:
        """Return it as the user says it."""
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Return the share that `2/8` means, the second of eight.

    Raises:
        NGNError: for anything else.
    """
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise NGNError(f"--shard {text!r}: expected I/N with 1 <= I <= N, 2/8 say")
    return Shard(int(found[1]), int(found[2]))
