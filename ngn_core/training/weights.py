"""Files of tensors: read as tensors and nothing else."""

from __future__ import annotations

from pathlib import Path
from zipfile import is_zipfile

import torch
from torch import Tensor

from ngn_core.errors import TrialError


def check_whole(file: Path) -> None:
    """Check that a file of torch's is not cut off, or something else.

    Raises:
        TrialError: naming the file.
    """
    if not is_zipfile(file):  # what was cut off has lost the directory at its end
        raise TrialError(f"{file}: damaged; remove it, or start over with --fresh")


def write_weights(weights: dict[str, Tensor], file: Path) -> None:
    """Write tensors by name, on the host."""
    torch.save({name: value.cpu() for name, value in weights.items()}, file)


def read_weights(file: Path) -> dict[str, Tensor]:
    """Return tensors by name; no code of the file is run.

    Raises:
        TrialError: where the file is missing or damaged.
    """
    check_whole(file)
    weights: dict[str, Tensor] = torch.load(file, weights_only=True, map_location="cpu")
    return weights
