"""Files of safetensors: tensors by name, and nothing that could be run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ngn_core.errors import WeightsError


def write_safetensors(tensors: Mapping[str, Tensor], file: Path) -> None:
    """Write tensors by name, on the host; equal tensors give equal bytes."""
    own = {name: value.detach().cpu().clone() for name, value in tensors.items()}
    save_file({name: value.contiguous() for name, value in own.items()}, file)


def read_safetensors(file: Path) -> dict[str, Tensor]:
    """Return tensors by name.

    Raises:
        WeightsError: where the file is missing, cut off or something else.
    """
    try:
        found: dict[str, Tensor] = load_file(file)
    except (OSError, SafetensorError, ValueError) as error:
        raise WeightsError(
            f"{file}: no whole file of safetensors ({error}); expected it as "
            "ngn export wrote it"
        ) from error
    return found
