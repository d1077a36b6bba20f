"""A table in a page; a click on a heading sorts it."""

from __future__ import annotations

import math
from html import escape

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import Cell, Marked, Row, TableColumn, TypedTable


def table_as_html(table: TypedTable) -> str:
    """Return a table with its title and note."""
    table = table.seen()
    heads = "".join(
        f"<th{_word(column)}>{_whole(column.heading)}</th>" for column in table.columns
    )
    groups = "\n".join(
        "<tbody>" + "\n".join(_row(table, row) for row in group) + "</tbody>"
        for group in table.groups
    )
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    drawn = (
        f'<div class="wide"><table class="sheet">\n<thead><tr>{heads}</tr></thead>\n'
        f"{groups}\n</table></div>\n"
    )
    return f"<h2>{escape(table.title)}</h2>\n{drawn if any(table.groups) else ''}{note}"


def _row(table: TypedTable, row: Row) -> str:
    marked = ' class="marked"' if row[0] in table.marked else ""
    cells = "".join(
        f"<td{_word(column)}{_number(cell)}>{_whole(cell_text(cell, column))}</td>"
        for cell, column in zip(row, table.columns, strict=True)
    )
    return f"<tr{marked}>{cells}</tr>"


def _word(column: TableColumn) -> str:
    return ' class="word"' if column.is_word else ""


def _number(cell: Cell) -> str:
    """Return the number that a cell is sorted by, nothing for words."""
    match cell:
        case Marked(value):
            return _number(value)
        case Spread(value) | Interval(value):
            return _number(value)
        case int() | float() if math.isfinite(cell):
            return f' data-number="{float(cell)!r}"'
        case _:
            return ""


def _whole(cell: str) -> str:
    """Return a cell whose lines do not begin with a sign."""
    return escape(cell).replace(" %", "&nbsp;%").replace(" *", "&nbsp;*")
