"""The hardware that a trial ran on, in words."""

from __future__ import annotations

from typing import Any


def hardware(found: dict[str, Any]) -> str:
    """Return the hardware of an environment, in words."""
    threads = found["threads"]
    of_threads = f"{threads} thread{'s' * (threads > 1)}"
    devices, gpu = found.get("devices", 1), found.get("gpu")
    if devices == 1:
        return str(gpu or f"{found['cpu']}, {of_threads}")
    if gpu:
        return f"{devices} x {gpu}"
    return f"{found['cpu']}, {devices} processes of {of_threads}"
