"""Choosing where to train."""

from __future__ import annotations

import torch

from ngn_core.errors import TrialError


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
