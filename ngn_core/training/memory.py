"""Peak memory of a stretch of work, and memory that is kept for the next one."""

from __future__ import annotations

import ctypes
import gc
import re
from pathlib import Path

import torch

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # glibc's malloc.h


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


def keep_freed_memory(device: torch.device) -> None:
    """Have this process keep memory that it frees, for what it allocates next.

    Else every large tensor of a step is asked of the kernel page by page, zeroed, and
    given back: up to a fifth of a step's time on a CPU. The peak stays as it is.
    Linux with glibc only; elsewhere nothing changes.
    """
    if device.type != "cpu":
        return
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    mallopt(_MMAP_MAX, 0)
    mallopt(_TRIM_THRESHOLD, -1)


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
