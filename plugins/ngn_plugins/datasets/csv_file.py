"""A CSV file with a column of CIF texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import ngn_core.api as ngn
from ngn_plugins.datasets.cells import (
    CellLine,
    cell_value,
    id_column,
    named_id,
    read_lines,
    stream_lines,
)
from ngn_plugins.datasets.cif_sites import cif_sites
from ngn_plugins.datasets.numeric_columns import folds_by_column, numeric_targets
from ngn_plugins.datasets.source import name_of, path_of

_CIF_NAMES = ("cif", "structure", "cif_text")


class CSVFile(ngn.Dataset):
    """A crystal a line: its CIF in one cell, its values in the others."""

    name: ClassVar[str] = "csv"
    description: ClassVar[str] = (
        "a .csv or .csv.gz file with a header; the column cif, structure or cif_text "
        "holds CIF text; ids are in id, material_id or the first column of unique "
        "names, else the row's number"
    )

    @classmethod
    def opens(cls, source: str) -> bool:  # noqa: D102
        path = path_of(source)
        return (
            path is not None
            and path.name.endswith((".csv", ".csv.gz"))
            and not path.is_dir()
        )

    def load(self, source: str) -> ngn.DatasetTable:  # noqa: D102
        file = Path(source).expanduser()
        lines = read_lines(file)
        if len(lines) < 2:
            raise ngn.DatasetError(
                f"{file}: holds no rows; expected a header and a crystal a line"
            )
        columns, lines = lines[0].cells, lines[1:]
        cif = _cif_column(columns, file)
        identity = id_column(columns, lines, str(file), without=columns.index(cif))
        rows, texts = [], []
        for count, line in enumerate(lines, start=1):
            row, text = _row(file, line, columns, cif, identity, count)
            rows.append(row)
            texts.append(text)
        targets = numeric_targets(rows)
        folds = folds_by_column(rows)
        return ngn.DatasetTable(
            name_of(file), rows, targets, sites=cif_sites(texts), folds=folds
        )

    def stream(self, source: str) -> Iterator[ngn.Row]:  # noqa: D102
        file = Path(source).expanduser()
        lines = stream_lines(file)
        columns = next(lines, CellLine(1, [])).cells
        cif = _cif_column(columns, file)
        identity = named_id(columns, str(file))
        if identity is None:  # the names of all rows are needed to find it
            yield from self.load(source).rows
            return
        for count, line in enumerate(lines, start=1):
            yield _row(file, line, columns, cif, identity, count)[0]


def _row(
    file: Path, line: CellLine, columns: list[str], cif: str, identity: int, count: int
) -> tuple[ngn.Row, str]:
    """Return the row of a line, and its CIF text.

    Args:
        file: that it is in.
        line: of the file.
        columns: of the file.
        cif: the column with CIF text.
        identity: position of the column of ids, -1 where there is none.
        count: of the lines, from 1.
    """
    cells = line.named(columns, str(file))
    text = cells.pop(cif)
    name = str(count) if identity < 0 else cells.pop(columns[identity])
    values: dict[str, Any] = {key: cell_value(value) for key, value in cells.items()}
    where = f"{file}:{line.number}"
    return ngn.Row(name, where, partial(_crystal, text), values), text


def _cif_column(columns: list[str], file: Path) -> str:
    for name in _CIF_NAMES:
        if name in columns:
            return name
    raise ngn.DatasetError(
        f"{file}: found the columns {', '.join(columns)}; expected one of "
        f"{', '.join(_CIF_NAMES)} with CIF text"
    )


def _crystal(text: str) -> ngn.Crystal:
    if not text:
        raise ngn.StructureError("the cell with the CIF text is empty")
    return ngn.read_cif(text)
