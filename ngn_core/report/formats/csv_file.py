"""Tables as CSV: raw values, and what is not known is empty."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import Cell, Marked, TableColumn, TypedTable


def tables_as_csv(tables: Sequence[tuple[Mapping[str, str], TypedTable]]) -> str:
    """Return the rows of all tables under all their columns.

    Args:
        tables: each with what stands before each of its rows.
    """
    columns: dict[str, None] = {}
    rows: list[dict[str, str | float]] = []
    for before, table in tables:
        columns |= dict.fromkeys(before)
        cells = [
            [_cells(row[place], column.name, _unit(column)) for row in table.rows]
            for place, column in enumerate(table.columns)
        ]
        for column, own in zip(table.columns, cells, strict=True):
            names = [name for one in own for name in one]
            columns |= dict.fromkeys(names or [f"{column.name}{_unit(column)}"])
        for row in zip(*cells, strict=True):
            rows.append({**before, **dict(item for one in row for item in one.items())})
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _unit(column: TableColumn) -> str:
    return f" [{column.unit}]" if column.unit else ""


def _cells(cell: Cell, name: str, unit: str) -> dict[str, str | float]:
    """Return a cell, several of one that holds more values, none of an empty one."""
    match cell:
        case None:
            return {}
        case Marked(value, sign):
            marked = str(bool(sign)).lower()
            return {**_cells(value, name, unit), f"{name}_marked": marked}
        case Spread(mean, std):
            return {**_cells(mean, name, unit), **_cells(std, f"{name}_std", unit)}
        case Interval(low, high):
            ends = _cells(low, f"{name}_low", unit)
            return {**ends, **_cells(high, f"{name}_high", unit)}
        case bool():
            return {f"{name}{unit}": str(cell).lower()}
        case int() | float():
            return {f"{name}{unit}": cell if math.isfinite(cell) else ""}
        case _:
            return {f"{name}{unit}": cell}
