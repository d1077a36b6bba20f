"""A table on a terminal: headings break, then columns are left out, until it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ngn_core.report.console import plain
from ngn_core.report.formats.cell_text import cell_text
from ngn_core.summary.typed_table import Cell, Marked, TableColumn, TypedTable

_GAP, _EDGES = 3, 2
"""Letters between two columns, and beside the outer ones."""

_STYLES = {
    "holds": "green",
    "broken": "bold red",
    "exempt": "yellow",
    "*": "",
    "!": "bold red",
}
"""Of verdicts, and of signs."""


@dataclass(frozen=True)
class _Heading:
    """What is over a column, and how wide its cells are."""

    title: str
    unit: str
    cells: int

    @classmethod
    def of(cls, table: TypedTable, place: int) -> _Heading:
        column = table.columns[place]
        cells = (len(cell_text(row[place], column)) for row in table.rows)
        unit = f"[{column.unit}]" if column.unit else ""
        return cls(column.title, unit, max(cells, default=0))

    @property
    def width(self) -> int:
        """Return its width with the unit under the title."""
        return max(len(self.title), len(self.unit), self.cells)

    @property
    def least(self) -> int:
        """Return its width with each word of the title on a line."""
        return max(*map(len, self.title.split()), len(self.unit), self.cells, 0)

    def lines(self, width: int) -> str:
        """Return title and unit in lines of a width."""
        titles = wrap(self.title, max(width, 1), break_long_words=False)
        return "\n".join([*titles, *([self.unit] if self.unit else [])])


def print_table(console: Console, table: TypedTable) -> None:
    """Print a table with its title and note, and of its columns those that fit."""
    if table.title:
        console.print()
        console.print(plain(table.title, "bold"))
    table, headings = fit_width(table, console.width)
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column, heading in zip(table.columns, headings, strict=True):
        justify: Literal["left", "right"] = "left" if column.is_word else "right"
        drawn.add_column(plain(heading), justify=justify, overflow="fold")
    for group in table.groups:
        for row in group:
            cells = zip(row, table.columns, strict=True)
            drawn.add_row(
                *(
                    plain(cell_text(cell, own), _style(cell, own))
                    for cell, own in cells
                ),
                style="bold" if row[0] in table.marked else None,
            )
        drawn.add_section()
    if any(table.groups):
        console.print(drawn)
    if table.note:
        console.print(plain(table.note))


def print_facts(console: Console, facts: Sequence[tuple[str, str]]) -> None:
    """Print names and what is said of them, side by side."""
    drawn = Table.grid(padding=(0, 2))
    for name, text in facts:
        drawn.add_row(plain(name, "dim"), plain(text))
    console.print(drawn)


def fit_width(table: TypedTable, width: int) -> tuple[TypedTable, tuple[str, ...]]:
    """Return the columns that fit into a terminal, and their headings in lines.

    Headings break between words before columns are left out, those of the largest
    priority first. What is then still too wide is left to the terminal.

    Args:
        table: with all its columns.
        width: of the terminal, letters.
    """
    table = table.seen()
    while True:
        places = range(len(table.columns))
        headings = [_Heading.of(table, place) for place in places]
        widths = _narrowed(headings, width)
        last = max(places, key=lambda n: (table.columns[n].priority, n))
        if _total(widths) <= width or table.columns[last].priority == 0:
            break
        table = table.selected([place for place in places if place != last])
    pairs = zip(headings, widths, strict=True)
    return table, tuple(heading.lines(wide) for heading, wide in pairs)


def _narrowed(headings: Sequence[_Heading], width: int) -> list[int]:
    """Return widths of columns, the widest narrowed first, as long as words allow."""
    widths = [heading.width for heading in headings]
    while _total(widths) > width:
        room = [n for n, heading in enumerate(headings) if widths[n] > heading.least]
        if not room:
            break
        widths[max(room, key=widths.__getitem__)] -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1) + _EDGES


def _style(cell: Cell, column: TableColumn) -> str:
    if isinstance(cell, Marked):
        return _STYLES.get(cell.sign, "")
    return _STYLES.get(str(cell), "") if column.kind == "verdict" else ""
