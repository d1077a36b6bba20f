"""Peak memory of a stretch of work."""

from __future__ import annotations

import ctypes
import gc
import re
from pathlib import Path

import torch

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


class PeakMemory:
    """Measures from where it is made: a GPU's allocations, or the process's pages."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.before: int | None = None
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        else:
            self.before = _reset_process_peak()

    def mebibytes(self) -> float | None:
        """Return the peak above the start, MiB; None where it cannot be measured."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device) / 2**20
        after = _field("VmHWM")
        if self.before is None or after is None:
            return None
        return max(after - self.before, 0) / 2**10


def resident_mebibytes() -> float | None:
    """Return the memory of the process now, MiB; None where no system tells it."""
    found = _field("VmRSS")
    return None if found is None else found / 2**10


def _reset_process_peak() -> int | None:
    """Give freed memory back, make the kernel forget the peak; return the rest, KiB.

    Linux with glibc only: elsewhere freed memory would hide what is used anew.
    """
    gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        _CLEAR.write_text("5")
    except (OSError, AttributeError):
        return None
    return _field("VmRSS")


def _field(name: str) -> int | None:
    try:
        found = re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    except OSError:
        return None
    return None if found is None else int(found[1])
