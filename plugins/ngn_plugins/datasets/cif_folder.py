"""A folder of CIF or POSCAR files, with their values in `id_prop.csv`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Any, ClassVar

import ngn_core.api as ngn
from ngn_plugins.datasets.cells import CellLine, cell_value, id_column, read_lines
from ngn_plugins.datasets.cif_sites import cif_sites
from ngn_plugins.datasets.jsonl import is_jsonl_folder
from ngn_plugins.datasets.numeric_columns import folds_by_column, numeric_targets
from ngn_plugins.datasets.source import name_of, path_of

_VALUES = "id_prop.csv"
_ENDINGS = (".cif", ".vasp", ".poscar")
_STARTS = ("POSCAR", "CONTCAR")


class CIFFolder(ngn.Dataset):
    """Structure files beside a table of their values, as CGCNN reads them."""

    name: ClassVar[str] = "cif_folder"
    description: ClassVar[str] = (
        "a folder of CIF or POSCAR files; id_prop.csv in it holds id and values (two "
        "columns without a header as in CGCNN's: id, target)"
    )

    @classmethod
    def opens(cls, source: str) -> bool:  # noqa: D102
        path = path_of(source)
        if path is None or not path.is_dir() or is_jsonl_folder(path):
            return False
        return (path / _VALUES).is_file() or bool(_structure_files(path))

    def load(self, source: str) -> ngn.DatasetTable:  # noqa: D102
        folder = Path(source).expanduser()
        files = _structure_files(folder)
        if not (folder / _VALUES).is_file():
            rows = [
                ngn.Row(file.name, str(file), partial(ngn.read_file, file), {})
                for file in files
            ]
            return ngn.DatasetTable(name_of(folder), rows, {}, sites=_sites(files))
        rows = _rows(folder)
        named = {_file(folder, row.id) for row in rows}
        unnamed = sum(file not in named for file in files)
        files_are = (
            "1 structure file is" if unnamed == 1 else f"{unnamed} structure files are"
        )
        note = f"{files_are} not in {_VALUES} and left out."
        return ngn.DatasetTable(
            name_of(folder),
            rows,
            numeric_targets(rows),
            note if unnamed else None,
            sites=_sites(files),
            folds=folds_by_column(rows),
        )


_LONGEST = 240
"""Bytes of an id that can be the name of a file, with an ending."""


def _structure_files(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file()
        and (file.suffix.lower() in _ENDINGS or file.name.startswith(_STARTS))
    )


def _sites(files: Sequence[Path]) -> dict[str, ngn.SiteColumn]:
    """Return the site columns that the first CIF of the files has."""
    first = [file for file in files if file.suffix.lower() == ".cif"][:1]
    try:
        return cif_sites(file.read_text("utf-8", "replace") for file in first)
    except OSError:  # its row says so when it is read
        return {}


def _rows(folder: Path) -> list[ngn.Row]:
    file = folder / _VALUES
    lines = read_lines(file)
    if not lines:
        raise ngn.DatasetError(f"{file}: holds no rows; expected id and values")
    header = _header(folder, lines[0])
    if header is None:
        columns = ["id", "target"]
    else:
        columns, lines = header, lines[1:]
    if not lines:
        raise ngn.DatasetError(f"{file}: holds a header and no rows")
    identity = id_column(columns, lines, str(file), default=0)
    rows = []
    for line in lines:
        where = f"{file}:{line.number}"
        cells = line.named(columns, str(file))
        name = cells.pop(columns[identity])
        values: dict[str, Any] = {key: cell_value(text) for key, text in cells.items()}
        rows.append(ngn.Row(name, where, partial(_read, folder, name), values))
    return rows


def _header(folder: Path, first: CellLine) -> list[str] | None:
    """Return the column names, None where the first line already is a row."""
    cells = first.cells
    is_row = _file(folder, cells[0]) is not None or any(
        isinstance(cell_value(cell), float | int) for cell in cells[1:]
    )
    if not is_row:
        return cells
    if len(cells) != 2:
        raise ngn.DatasetError(
            f"{folder / _VALUES}:{first.number}: found {len(cells)} column"
            f"{'' if len(cells) == 1 else 's'} without a header; a file "
            "without one holds id and value, another needs a first line that names its "
            "columns"
        )
    return None


def _candidates(name: str) -> list[str]:
    return [f"{name}.cif", name, f"{name}.vasp", f"{name}.poscar", f"POSCAR_{name}"]


def _file(folder: Path, name: str) -> Path | None:
    """Return the structure file of an id, None where there is none in the folder."""
    if not name or PurePath(name).is_absolute() or ".." in PurePath(name).parts:
        return None
    if len(os.fsencode(name)) > _LONGEST:
        return None
    for candidate in _candidates(name):
        if (folder / candidate).is_file():
            return folder / candidate
    return None


def _read(folder: Path, name: str) -> ngn.Crystal:
    file = _file(folder, name)
    if file is None:
        raise ngn.StructureError(
            f"no structure file for id {name!r} in {folder}; looked for "
            f"{', '.join(_candidates(name))}"
        )
    return ngn.read_file(file)
