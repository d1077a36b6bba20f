"""Structure duplicates, kept on disk beside the graphs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.duplicates import LARGEST, structure_duplicates
from ngn_core.dataset.reduced_cell import ANGLES, LENGTHS, SITES
from ngn_core.files import atomic_write

_FOLDER = "duplicates"


def cached_duplicates(
    crystals: Sequence[Crystal],
    cache: Path | None,
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 1,
) -> np.ndarray:
    """Return what `structure_duplicates` does.

    What was found before is read, which needs no pymatgen. A cache that cannot be
    written is done without.

    Args:
        crystals: B crystals.
        cache: folder of cached graphs, or None.
        progress: see `structure_duplicates`.
        jobs: see `structure_duplicates`.

    Raises:
        ModuleNotFoundError: where they have to be found and pymatgen is missing.
    """
    file = None if cache is None else cache / _FOLDER / f"{_digest(crystals)}.json"
    found = None if file is None else _read(file, len(crystals))
    if found is not None:
        return found
    duplicates = structure_duplicates(crystals, progress, jobs)
    if file is not None:
        _write(duplicates, file)
    return duplicates


def _digest(crystals: Sequence[Crystal]) -> str:
    """Return the sha256 of lattices, sites and tolerances, and of the format."""
    plain = [1, LENGTHS, SITES, ANGLES, LARGEST]
    digest = hashlib.sha256(json.dumps(plain).encode())
    for crystal in crystals:
        for numbers in (crystal.lattice, crystal.frac):
            digest.update(np.asarray(numbers, dtype="<f8").tobytes())
        digest.update(repr(crystal.species).encode())
    return digest.hexdigest()


def _read(file: Path, count: int) -> np.ndarray | None:
    """Return what `_write` wrote; None where it is missing or damaged."""
    try:
        numbers = np.array(json.loads(file.read_text(encoding="utf-8"))["numbers"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return numbers if numbers.shape == (count,) and numbers.dtype.kind == "i" else None


def _write(duplicates: np.ndarray, file: Path) -> None:
    text = json.dumps({"pymatgen": version("pymatgen"), "numbers": duplicates.tolist()})
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(file) as partial:
            partial.write_text(text, encoding="utf-8")
