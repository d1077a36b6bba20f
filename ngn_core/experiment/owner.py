"""Who holds a lease: a process of a machine, found again without doubt."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_JOBS = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID")


@dataclass(frozen=True)
class Owner:
    """A process.

    Attributes:
        host: name of its machine.
        boot: which start of the machine, and which space of process numbers;
            empty where the system does not tell.
        pid: its number.
        started: when it began, in the system's ticks since the start; 0 if unknown.
        user: whose it is; another user's may be hidden.
        job: the scheduler's number of its job, empty without one.
    """

    host: str
    boot: str
    pid: int
    started: int
    user: int
    job: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    def alive(self) -> bool | None:
        """Return whether it lives, None where this machine cannot know."""
        here = this_process()
        if not self.boot or self._place() != here._place():
            return None
        return _started(self.pid) == self.started

    def _place(self) -> tuple[str, str, int]:
        return self.host, self.boot, self.user

    def __str__(self) -> str:
        """Return where it is, in words."""
        job = f", job {self.job}" if self.job else ""
        return f"process {self.pid} on {self.host}{job}"


def this_process() -> Owner:
    """Return the process that asks."""
    pid = os.getpid()
    job = next((os.environ[name] for name in _JOBS if name in os.environ), "")
    user = os.getuid()
    return Owner(platform.node(), _boot(), pid, _started(pid) or 0, user, job)


def read_owner(file: Path) -> Owner | None:
    """Return the process that a file names, None where there is none yet."""
    try:
        return Owner(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _boot() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> int | None:
    """Return when a process began, None where there is none, or only its remains."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *rest = text.rpartition(")")[2].split()
    return None if state in "ZX" else int(rest[18])
