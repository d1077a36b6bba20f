"""How busy a machine is with the work of others while something is measured."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

_STAT = Path("/proc/stat")
_IDLE = (3, 4)
"""Columns of /proc/stat that are no work: idle, and waiting for a disk."""
_COUNTED = 8
"""Columns of /proc/stat up to `steal`; guests are in the first two already."""

CPUTimes = tuple[float, float, float]
"""Seconds: of the day, of work of all cores, of this process's own work."""


def _read() -> CPUTimes | None:
    """Return the clocks of now; None where the system does not tell."""
    try:
        columns = _STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    ticks = [int(column) for column in columns[:_COUNTED]]
    busy = sum(ticks) - sum(ticks[column] for column in _IDLE)
    return time.monotonic(), busy / os.sysconf("SC_CLK_TCK"), sum(os.times()[:4])


class SystemLoad:
    """Measures from where it is made how many cores other processes keep busy.

    Args:
        read: returns the clocks.
    """

    def __init__(self, read: Callable[[], CPUTimes | None] = _read) -> None:
        self.read = read
        self.before = read()

    def cores(self) -> float | None:
        """Return the mean number of cores; None where it cannot be measured."""
        after = self.read()
        if self.before is None or after is None or after[0] <= self.before[0]:
            return None
        day, busy, own = (b - a for a, b in zip(self.before, after, strict=True))
        return max(busy - own, 0.0) / day
