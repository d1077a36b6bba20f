"""Choosing where to train."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import torch

from ngn_core.errors import NGNError, TrialError
from ngn_core.plugin.cores import cores_here

if TYPE_CHECKING:
    from ngn_core.comparison.budget import Budget
    from ngn_core.experiment.run_context import Run


def choose_device(name: str) -> torch.device:
    """Return the device of a name; `auto` is a GPU where there is one.

    Raises:
        TrialError: for a device that is not there.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        message = str(error).splitlines()[0]
        raise TrialError(
            f"--device {name}: not to be had here ({message}); expected auto, cpu or "
            "cuda"
        ) from error
    return device


def check_devices(run: Run, budget: Budget | None) -> None:
    """Check that each trial can be trained over as many devices as are asked for.

    Raises:
        NGNError: for a number that makes no sense, or a budget in time.
        TrialError: for more devices than there are.
    """
    device, asked = run.device, f"--devices {run.devices}"
    if run.devices < 1:
        raise NGNError(f"{asked}: expected a number from 1 on")
    if run.devices == 1:
        return
    if budget is not None and budget.timed:
        raise NGNError(
            f"{asked} and --budget {budget.text}: what a training takes is measured on "
            "one device; expected epochs=N or steps=N"
        )
    if device.index is not None:
        raise NGNError(
            f"{asked} and --device {device}: that is one GPU; expected --device cuda, "
            "and CUDA_VISIBLE_DEVICES where it is not to be the first ones"
        )
    if run.collects:
        return  # each worker finds what there is where it runs
    found, what = _there(device)
    if run.devices > found:
        raise TrialError(f"{asked}: found {what}; expected up to {found}")


def _there(device: torch.device) -> tuple[int, str]:
    """Return how many devices there are, and what."""
    if device.type == "cuda":
        count = torch.cuda.device_count()
        names = sorted({torch.cuda.get_device_name(gpu) for gpu in range(count)})
        seen = os.environ.get("CUDA_VISIBLE_DEVICES")
        visible = "" if seen is None else f", CUDA_VISIBLE_DEVICES={seen}"
        return count, f"{count} GPU{'s' * (count > 1)} ({', '.join(names)}{visible})"
    cores = cores_here()
    return cores, f"{cores} core{'s' * (cores > 1)} of the CPU"
