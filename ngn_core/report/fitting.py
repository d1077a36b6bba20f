"""Tables on terminals that are too narrow: headings break, columns are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ngn_core.report.page import plain
from ngn_core.report.sheet import Sheet

_GAP, _EDGES = 3, 2
"""Letters between two columns, and beside the outer ones."""


@dataclass(frozen=True)
class _Column:
    """A column: what is over it, its unit, and how wide its cells are."""

    title: str
    unit: str
    cells: int

    @property
    def width(self) -> int:
        """Return its width with the unit under the title."""
        return max(len(self.title), len(self.unit), self.cells)

    @property
    def least(self) -> int:
        """Return its width with each word of the title on a line."""
        return max(*map(len, self.title.split()), len(self.unit), self.cells, 0)

    def heading(self, width: int) -> str:
        """Return title and unit in lines of a width."""
        titles = wrap(self.title, width, break_long_words=False)
        return "\n".join([*titles, *([self.unit] if self.unit else [])])


def print_sheet(console: Console, sheet: Sheet) -> None:
    """Print a table with its title and note, and of its columns those that fit."""
    if sheet.title:
        console.print()
        console.print(plain(sheet.title, "bold"))
    sheet, headings = fitted(sheet, console.width)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        justify: Literal["left", "right"] = "left" if place < sheet.left else "right"
        table.add_column(plain(heading), justify=justify, overflow="fold")
    for group in sheet.groups:
        for row in group:
            table.add_row(
                *map(plain, row), style="bold" if row[0] in sheet.marked else None
            )
        table.add_section()
    if any(sheet.groups):
        console.print(table)
    if sheet.note:
        console.print(plain(sheet.note))


def fitted(sheet: Sheet, width: int) -> tuple[Sheet, tuple[str, ...]]:
    """Return the columns that fit into a terminal, and their headings in lines.

    Headings break between words before `sheet.least` are left out, one after another.
    What is then still too wide is left to the terminal.

    Args:
        sheet: with all its columns.
        width: of the terminal, letters.
    """
    for heading in (None, *sheet.least):
        if heading is not None:
            sheet = _without(sheet, heading)
        columns = [_column(sheet, place) for place in range(len(sheet.columns))]
        widths = _narrowed(columns, width)
        if _total(widths) <= width:
            break
    pairs = zip(columns, widths, strict=True)
    return sheet, tuple(column.heading(wide) for column, wide in pairs)


def _narrowed(columns: Sequence[_Column], width: int) -> list[int]:
    """Return widths of columns, the widest narrowed first, as long as words allow."""
    widths = [column.width for column in columns]
    while _total(widths) > width:
        room = [n for n, column in enumerate(columns) if widths[n] > column.least]
        if not room:
            break
        widths[max(room, key=widths.__getitem__)] -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1) + _EDGES


def _column(sheet: Sheet, place: int) -> _Column:
    title, bracket, unit = sheet.columns[place].rpartition(" [")
    cells = (len(row[place]) for group in sheet.groups for row in group)
    if not bracket:
        title, unit = sheet.columns[place], ""
    return _Column(title, f"[{unit}" if bracket else "", max(cells, default=0))


def _without(sheet: Sheet, heading: str) -> Sheet:
    """Return a table without the columns of a heading."""
    kept = [place for place, own in enumerate(sheet.columns) if own != heading]
    return replace(
        sheet,
        columns=tuple(sheet.columns[place] for place in kept),
        left=sum(place < sheet.left for place in kept),
        groups=tuple(
            tuple(tuple(row[place] for place in kept) for row in group)
            for group in sheet.groups
        ),
    )
