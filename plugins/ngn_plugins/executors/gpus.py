"""The GPUs of this machine, as its driver counts them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

_QUERY = "index,uuid,memory.total,memory.used"


@dataclass(frozen=True)
class GPU:
    """A GPU of this machine.

    Attributes:
        index: of the driver.
        uuid: by which CUDA_VISIBLE_DEVICES names it beyond doubt.
        total: its memory, GiB.
        used: of that, by whomever, GiB.
    """

    index: str
    uuid: str
    total: float
    used: float


def visible_gpus() -> list[GPU]:
    """Return the GPUs that CUDA_VISIBLE_DEVICES leaves; none without the driver."""
    command = ["nvidia-smi", f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    found = []
    for line in told.stdout.splitlines():
        index, uuid, total, used = (part.strip() for part in line.split(","))
        found.append(GPU(index, uuid, float(total) / 1024, float(used) / 1024))
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return found
    named = [name.strip() for name in visible.split(",")]
    return [gpu for gpu in found if any(_is(gpu, name) for name in named)]


def _is(gpu: GPU, name: str) -> bool:
    """Return whether CUDA_VISIBLE_DEVICES means a GPU by an index or start of UUID."""
    return name == gpu.index or (name.startswith("GPU-") and gpu.uuid.startswith(name))
