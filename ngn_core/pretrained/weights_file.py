"""Files of published weights: read as arrays of numbers and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ngn_core.errors import WeightsError

LARGEST = 2**32
"""Bytes of all arrays together, unpacked."""


def read_arrays(file: Path) -> dict[str, Tensor]:
    """Return the arrays of an npz file, in float64; no code of it is run.

    Raises:
        WeightsError: where it is missing, damaged, or holds anything else.
    """
    expected = "expected an npz file of plain arrays, as numpy.savez writes it"
    if not file.is_file():
        raise WeightsError(f"{file}: no such file; {expected}")
    arrays: dict[str, Tensor] = {}
    try:
        strange = _strange(file)
        if strange:
            raise WeightsError(
                f"{file}: found {strange}, which is not opened; {expected}"
            )
        with np.load(file, allow_pickle=False) as found:
            for name in found.files:
                try:
                    array = found[name]
                    if array.dtype.kind == "c":
                        raise ValueError("complex numbers")
                    arrays[name] = torch.from_numpy(np.asarray(array, dtype=np.float64))
                except (ValueError, TypeError, MemoryError) as error:
                    raise WeightsError(
                        f"{file}: {name} is not an array of real numbers but a "
                        f"pickle, text, too much or such, which is not opened "
                        f"({error}); "
                        f"{expected}"
                    ) from error
    except WeightsError:
        raise
    except Exception as error:  # readers of zip files raise many kinds of their own
        raise WeightsError(f"{file}: damaged ({error}); {expected}") from error
    return arrays


def _strange(file: Path) -> str:
    """Return what a file is that is no npz file; nothing if it may be one."""
    if not zipfile.is_zipfile(file):
        with file.open("rb") as stream:
            pickle = stream.read(1) == b"\x80"
        return "a pickle" if pickle else "no npz file, or one that is cut off"
    with zipfile.ZipFile(file) as members:
        others = [name for name in members.namelist() if not name.endswith(".npy")]
        size = sum(member.file_size for member in members.infolist())
    pickles = [name for name in others if name.endswith(".pkl")]
    if pickles:
        return f"a pickle of torch's ({pickles[0]})"
    if size > LARGEST:
        return f"{size:,} bytes, more than {LARGEST:,}"
    return f"{others[0]} in it" if others else ""
