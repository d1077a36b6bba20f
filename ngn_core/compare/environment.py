"""The hardware and the versions that a trial ran with."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

_PACKAGES = (
    "ngn",
    "torch",
    "lightning",
    "numpy",
    "scipy",
    "pymatgen",
    "moyopy",
    "spglib",
)


def environment(device: torch.device) -> dict[str, Any]:
    """Return hardware and versions as plain data."""
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": str(device),
        "packages": {name: _version(name) for name in _PACKAGES},
    }
    if device.type == "cuda":
        found["gpu"] = torch.cuda.get_device_name(device)
    return found


def hardware(found: dict[str, Any]) -> str:
    """Return the hardware of an environment, in words."""
    threads = found["threads"]
    of_threads = f"{threads} thread{'s' * (threads > 1)}"
    where = found.get("gpu") or f"{found['cpu']}, {of_threads}"
    return str(where)


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
