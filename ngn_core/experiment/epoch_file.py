"""How many epochs of a trial are done, for the processes that do not run it."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

FILE = "epochs.txt"
"""Beside a trial's leases."""

_EVERY = 1.0
"""Seconds between two writings, at least."""


class EpochFile:
    """Tells other processes how many epochs are done.

    Args:
        place: of the trial's leases.
    """

    def __init__(self, place: Path) -> None:
        self.file = place / FILE
        self.written = float("-inf")

    def write(self, done: int) -> None:
        """Write the number, unless that was done a moment ago."""
        now = time.monotonic()
        if now - self.written >= _EVERY:
            self.written = now
            with suppress(OSError):  # it is news and no result
                self.file.write_text(f"{done}\n", encoding="utf-8")


def epochs_done(place: Path) -> int | None:
    """Return the number that was written last, None where there is none."""
    try:
        return int((place / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
