"""Files of tensors: read as tensors and nothing else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import torch
from torch import Tensor

from ngn_core.errors import DamagedError, TrialError


def write_weights(weights: dict[str, Tensor], file: Path) -> None:
    """Write tensors by name, on the host.

    Raises:
        OSError: where the file cannot be written; torch itself has no reason to give.
    """
    written = io.BytesIO()
    torch.save({name: value.cpu() for name, value in weights.items()}, written)
    file.write_bytes(written.getbuffer())


def read_weights(file: Path) -> dict[str, Tensor]:
    """Return tensors by name; no code of the file is run.

    Raises:
        TrialError: where the file is missing or damaged.
    """
    found = read_tensors(file)
    if not all(isinstance(value, Tensor) for value in found.values()):
        raise DamagedError(f"{file}: damaged: expected a tensor for each name")
    return found


def read_tensors(file: Path) -> dict[str, Any]:
    """Return a file of torch's, of names with tensors and plain values, on the host.

    No code of the file is run.

    Raises:
        DamagedError: where it is cut off, changed or something else.
        TrialError: where it cannot be read at all.
    """
    try:
        _check_whole(file)
        found: Any = torch.load(file, weights_only=True, map_location="cpu")
    except OSError as error:
        raise TrialError(f"{file}: cannot be read: {error}") from error
    except Exception as error:  # readers of zip files and pickles raise anything
        raise DamagedError(
            f"{file}: damaged ({type(error).__name__}: {_first_line(error)})"
        ) from error
    if not isinstance(found, dict):
        raise DamagedError(f"{file}: damaged: expected values by name")
    return found


def _check_whole(file: Path) -> None:
    """Check a file of torch's against its own check sums.

    Raises:
        Exception: of many kinds, where it is not whole.
    """
    with ZipFile(file) as opened:
        packed = [one for one in opened.infolist() if one.compress_type != ZIP_STORED]
        if packed:
            raise ValueError(f"{packed[0].filename} is compressed")
        damaged = opened.testzip()
    if damaged is not None:
        raise ValueError(f"the check sum of {damaged} is wrong")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
