"""Files of ASE: extended XYZ, and its databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

import ngn_core.api as ngn
from ngn_plugins.datasets.numeric_columns import folds_by_column, numeric_targets
from ngn_plugins.datasets.source import name_of, path_of

_ENDINGS = (".extxyz", ".db")
_IDS = ("id", "material_id")


class ASEFile(ngn.Dataset):
    """Frames of an extended XYZ file, or rows of an ASE database."""

    name: ClassVar[str] = "ase"
    description: ClassVar[str] = (
        "a file .extxyz or .db of ASE's; values are in info, or the row's key-value "
        "pairs, and energy; ids in id or material_id, else the number from 1"
    )

    @classmethod
    def opens(cls, source: str) -> bool:  # noqa: D102
        path = path_of(source)
        return path is not None and not path.is_dir() and path.name.endswith(_ENDINGS)

    def load(self, source: str) -> ngn.DatasetTable:  # noqa: D102
        rows = list(self.stream(source))
        if not rows:
            raise ngn.DatasetError(f"{source}: holds no structures")
        return ngn.DatasetTable(
            name_of(Path(source)),
            rows,
            numeric_targets(rows),
            folds=folds_by_column(rows),
        )

    def stream(self, source: str) -> Iterator[ngn.Row]:  # noqa: D102
        file = Path(source).expanduser()
        if not file.exists():
            raise ngn.DatasetError(f"{file}: there is no such file")
        found = _database(file) if file.suffix == ".db" else _frames(file)
        for number, (atoms, columns) in enumerate(found, start=1):
            names = [str(columns.pop(key)) for key in _IDS if key in columns]
            name = names[0] if names else str(number)
            crystal = partial(ngn.from_ase, atoms)
            yield ngn.Row(name, f"{file}:{number}", crystal, columns)


def _frames(file: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    from ase.io import iread
    from ase.io.extxyz import XYZError

    try:
        for atoms in iread(file, index=":", format="extxyz"):
            results = {} if atoms.calc is None else atoms.calc.results
            yield atoms, _numbers({**results, **atoms.info})
    except (XYZError, ValueError, KeyError, IndexError, OSError) as error:
        raise ngn.DatasetError(
            f"{file}: no extended XYZ ({type(error).__name__}: {error})"
        ) from error


def _database(file: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    from ase.db import connect

    try:
        database: Any = connect(file, type="db")  # type: ignore[no-untyped-call]
        for row in database.select():
            own = {"energy": row.energy} if "energy" in row else {}
            yield row.toatoms(), _numbers({**own, **row.key_value_pairs})
    except (sqlite3.Error, KeyError, ValueError) as error:
        raise ngn.DatasetError(
            f"{file}: no database of ASE's ({type(error).__name__}: {error})"
        ) from error


def _numbers(values: dict[str, Any]) -> dict[str, Any]:
    """Return what is a number or a text, not an array."""
    plain = {
        key: value.item() if isinstance(value, np.generic) else value
        for key, value in values.items()
    }
    return {
        key: value
        for key, value in plain.items()
        if isinstance(value, (str, int, float, bool))
    }
