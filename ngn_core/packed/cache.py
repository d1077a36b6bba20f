"""Packed graphs on disk: one folder a digest, complete or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ngn_core.packed.packed import PackedGraphs, PackedLevel


def default_cache() -> Path:
    """Return the user's cache folder for graphs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ngn" / "graphs"


def write_packed(graphs: PackedGraphs, facts: Any, folder: Path) -> None:
    """Write packed graphs, with plain data beside them, as a folder of arrays.

    It is written under another name and renamed when complete. A damaged folder is
    replaced; where another process was faster, its folder stays.

    Raises:
        OSError: where the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=".partial-", dir=folder.parent, ignore_cleanup_errors=True
        ) as temporary:
            written = Path(temporary) / "written"
            _fill(written, graphs, facts)
            if folder.exists() and read_packed(folder) is None:
                with suppress(FileNotFoundError):  # another process moved it
                    folder.rename(Path(temporary) / "damaged")
            if not folder.exists():
                written.rename(folder)
    except OSError as error:
        if not folder.exists():
            raise OSError(f"cannot write the graphs to {folder}: {error}") from error


def read_packed(folder: Path) -> tuple[PackedGraphs, Any] | None:
    """Return what `write_packed` wrote; None where it is missing or damaged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        arrays = {
            name: _load(folder / f"{name}.npy", digest)
            for name, digest in manifest["arrays"].items()
        }
        return _packed(arrays, manifest["depth"]), manifest["facts"]
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ):
        return None


def _fill(folder: Path, graphs: PackedGraphs, facts: Any) -> None:
    folder.mkdir()
    digests = {}
    for name, values in _arrays(graphs).items():
        file = folder / f"{name}.npy"
        np.save(file, values.numpy())
        digests[name] = _sha256(file)
    manifest = {"depth": len(graphs.levels), "arrays": digests, "facts": facts}
    text = json.dumps(manifest)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _load(file: Path, digest: str) -> torch.Tensor:
    if _sha256(file) != digest:
        raise ValueError(f"{file}: damaged")
    return torch.from_numpy(np.load(file, allow_pickle=False))


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _packed(arrays: Mapping[str, torch.Tensor], depth: int) -> PackedGraphs:
    levels = []
    for number in range(depth):
        own = _under(arrays, f"level{number}.")
        levels.append(
            PackedLevel(
                _under(own, "column."),
                own.get("index"),
                own["multiplicity"],
                own["start"],
            )
        )
    return PackedGraphs(tuple(levels), _under(arrays, "crystal."))


def _under(arrays: Mapping[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(prefix): values
        for name, values in arrays.items()
        if name.startswith(prefix)
    }


def _arrays(graphs: PackedGraphs) -> dict[str, torch.Tensor]:
    arrays = {f"crystal.{name}": values for name, values in graphs.crystals.items()}
    for depth, level in enumerate(graphs.levels):
        prefix = f"level{depth}."
        for name, values in level.columns.items():
            arrays[f"{prefix}column.{name}"] = values
        if level.index is not None:
            arrays[f"{prefix}index"] = level.index
        arrays[f"{prefix}multiplicity"] = level.multiplicity
        arrays[f"{prefix}start"] = level.start
    return arrays
