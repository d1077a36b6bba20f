"""The hardware and the versions that a trial ran with."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from ngn_core.plugin.cores import cores_here
from ngn_core.training.distributed.launch import threads_each

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


def environment(device: torch.device, devices: int = 1) -> dict[str, Any]:
    """Return hardware and versions as plain data.

    Args:
        device: that was trained on.
        devices: how many of them, each with its process and its threads.
    """
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cpu": _cpu(),
        "cores": cores_here(),
        "threads": threads_each(devices),
        "device": str(device),
        "packages": {name: _version(name) for name in _PACKAGES},
    }
    if devices > 1:
        found["devices"] = devices
    if device.type == "cuda":
        found["gpu"] = torch.cuda.get_device_name(device)
    return found


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
