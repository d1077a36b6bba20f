"""Tables as CSV: raw values, and what is not known is empty."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import Cell, Marked, TypedTable


def tables_as_csv(tables: Sequence[tuple[Mapping[str, str], TypedTable]]) -> str:
    """Return the rows of all tables under all their columns.

    Args:
        tables: each with what stands before each of its rows.
    """
    rows: list[dict[str, str | float]] = []
    for before, table in tables:
        for row in table.rows:
            found: dict[str, str | float] = dict(before)
            for cell, column in zip(row, table.columns, strict=True):
                unit = f" [{column.unit}]" if column.unit else ""
                found |= _cells(cell, column.name, unit)
            rows.append(found)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _cells(cell: Cell, name: str, unit: str) -> dict[str, str | float]:
    """Return a cell, or several of one that holds more than one value."""
    match cell:
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
            return {f"{name}{unit}": cell or ""}
