"""Packed graphs on disk: one folder a digest, complete or not there at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ngn_core.data.packed import PackedGraphs, PackedLevel


def default_cache() -> Path:
    """Return the user's cache folder for graphs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ngn" / "graphs"


def write_packed(graphs: PackedGraphs, facts: Any, folder: Path) -> None:
    """Write packed graphs, with plain data beside them, as a folder of arrays.

    It is written under another name and renamed when complete; where another process was
    faster, its folder stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
    try:
        names = {}
        for name, values in _arrays(graphs).items():
            np.save(temporary / f"{name}.npy", values.numpy())
            names[name] = list(values.shape)
        manifest = {"depth": len(graphs.levels), "arrays": names, "facts": facts}
        (temporary / "manifest.json").write_text(json.dumps(manifest))
        if not folder.exists():
            temporary.rename(folder)
    except OSError as error:
        if not folder.exists():
            raise OSError(f"cannot write the graphs to {folder}: {error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def read_packed(folder: Path) -> tuple[PackedGraphs, Any] | None:
    """Return what `write_packed` wrote; None where it is missing or damaged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        arrays = {}
        for name, shape in manifest["arrays"].items():
            values = np.load(folder / f"{name}.npy", allow_pickle=False)
            if list(values.shape) != shape:
                return None
            arrays[name] = torch.from_numpy(values)
    except (OSError, ValueError, KeyError, EOFError):
        return None
    levels = []
    for depth in range(manifest["depth"]):
        prefix = f"level{depth}."
        own = {
            name.removeprefix(prefix): values
            for name, values in arrays.items()
            if name.startswith(prefix)
        }
        columns = {
            name.removeprefix("column."): values
            for name, values in own.items()
            if name.startswith("column.")
        }
        levels.append(
            PackedLevel(columns, own.get("index"), own["multiplicity"], own["start"])
        )
    crystals = {
        name.removeprefix("crystal."): values
        for name, values in arrays.items()
        if name.startswith("crystal.")
    }
    return PackedGraphs(tuple(levels), crystals), manifest["facts"]


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
