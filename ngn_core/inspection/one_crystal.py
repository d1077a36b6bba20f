"""The one crystal that the user names: a structure file, or a row of a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import read_file
from ngn_core.dataset.open import open_dataset
from ngn_core.errors import DatasetError, StructureError
from ngn_core.plugin.registry import Registry
from ngn_core.plugin.suggest import did_you_mean


def read_one(name: str, registry: Registry) -> Crystal:
    """Return the crystal of `FILE` or `DATASET:ID`.

    Raises:
        StructureError: where there is no such file, or it cannot be read.
        DatasetError: where the dataset has no such id, or cannot be opened.
    """
    file = Path(name)
    if _is_dataset(name, registry):
        first = next(iter(open_dataset(name, registry).rows)).id
        raise DatasetError(
            f"{name} is a dataset; say which of its crystals, {name}:{first} say"
        )
    if file.is_dir():
        raise StructureError(f"{name} is a folder; expected a structure file")
    if not file.exists():
        source = _source(name, registry)
        if source:
            return _row(source, name[len(source) + 1 :], registry)
        near = [str(entry) for entry in sorted(file.parent.glob("*"))]
        hint = did_you_mean(str(file), near) or "Expected a file, or DATASET:ID"
        raise StructureError(f"{name}: no such file. {hint}")
    try:
        return read_file(file)
    except StructureError as error:
        raise _named(name, error) from error


def _source(name: str, registry: Registry) -> str:
    """Return what stands before a colon and is a dataset; nothing if there is none."""
    places = [place for place, letter in enumerate(name) if letter == ":"]
    sources = (name[:place] for place in places)
    return next((source for source in sources if _is_dataset(source, registry)), "")


def _is_dataset(source: str, registry: Registry) -> bool:
    datasets: list[Any] = registry.components("dataset")
    return bool(source) and any(dataset.opens(source) for dataset in datasets)


def _row(source: str, name: str, registry: Registry) -> Crystal:
    rows = {row.id: row for row in open_dataset(source, registry).rows}
    if name not in rows:
        few = ", ".join(list(rows)[:2])
        hint = did_you_mean(name, rows) or f"Its ids are {few}, ..."
        raise DatasetError(f"{source} has no crystal {name!r}. {hint}")
    try:
        return rows[name].crystal()
    except StructureError as error:
        raise _named(f"{source}:{name}", error) from error


def _named(name: str, error: StructureError) -> StructureError:
    reason = str(error)
    return StructureError(reason if name in reason else f"{name}: {reason}")
