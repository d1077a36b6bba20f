"""Tables in CSV: their lines, the values of their cells, the column of ids."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import ngn_core.api as ngn
from ngn_plugins.datasets.text_file import text_file

_ID_NAMES = ("id", "material_id")


@dataclass(frozen=True)
class CellLine:
    """One line of a CSV file; it may span several lines of text.

    Attributes:
        number: line of the file where it starts, from 1.
        cells: the texts of its cells.
    """

    number: int
    cells: list[str]

    def named(self, columns: Sequence[str], where: str) -> dict[str, str]:
        """Return the cells by column.

        Raises:
            DatasetError: where there are more or fewer cells than columns.
        """
        if len(self.cells) != len(columns):
            raise ngn.DatasetError(
                f"{where}:{self.number}: found {len(self.cells)} "
                f"cell{'' if len(self.cells) == 1 else 's'}; expected "
                f"{len(columns)}: {', '.join(columns)}"
            )
        return dict(zip(columns, self.cells, strict=True))


def read_lines(path: Traversable) -> list[CellLine]:
    """Return all lines of a CSV file, see `stream_lines`.

    Raises:
        DatasetError: where it cannot be read.
    """
    return list(stream_lines(path))


def stream_lines(path: Traversable) -> Iterator[CellLine]:
    """Yield the lines of a CSV file, empty ones left out, cells stripped.

    Raises:
        DatasetError: where it cannot be read.
    """
    limit = csv.field_size_limit(sys.maxsize)  # a CIF may be longer than 128 kB
    start = 1
    try:
        with text_file(path) as text:
            reader = csv.reader(text, strict=True)
            for cells in reader:
                if any(cells):
                    yield CellLine(start, [cell.strip() for cell in cells])
                start = reader.line_num + 1
    except csv.Error as error:
        raise ngn.DatasetError(f"{path}:{start}: is not CSV: {error}") from error
    finally:
        csv.field_size_limit(limit)


def cell_value(text: str) -> str | int | float | bool | None:
    """Return the number, truth value or text of a cell, None where it is empty."""
    if not text:
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if "_" in text:  # Python reads 1_000 as a number, nobody writes it in a table
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    is_whole = math.isfinite(value) and text.lstrip("+-").isdecimal()
    return int(text) if is_whole else value


def id_column(
    columns: Sequence[str],
    lines: Sequence[CellLine],
    where: str,
    default: int | None = None,
    without: int | None = None,
) -> int:
    """Return the position of the column of ids, -1 where there is none.

    That is `id` or `material_id`, else `default`, else the first column whose cells
    are whole numbers or texts, all different.

    Args:
        columns: the names of the columns.
        lines: the table.
        where: its name in messages.
        default: what it is where no name says it.
        without: a column that holds no ids.

    Raises:
        DatasetError: where two columns have one name.
    """
    named = named_id(columns, where)
    if named is not None:
        return named
    if default is not None:
        return default
    for position in range(len(columns)):
        if position == without:
            continue
        cells = [line.cells[position] for line in lines if position < len(line.cells)]
        different = len(set(cells)) == len(cells) == len(lines)
        if different and all(_may_be_id(cell) for cell in cells):
            return position
    return -1


def named_id(columns: Sequence[str], where: str) -> int | None:
    """Return the position of the column that is called as ids are, None without one.

    Raises:
        DatasetError: where two columns have one name.
    """
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise ngn.DatasetError(
            f"{where}: two columns are named {', '.join(map(repr, twice))}; rename one"
        )
    found = [columns.index(name) for name in _ID_NAMES if name in columns]
    return found[0] if found else None


def _may_be_id(cell: str) -> bool:
    value = cell_value(cell)
    return isinstance(value, (str, int)) and not isinstance(value, bool)
