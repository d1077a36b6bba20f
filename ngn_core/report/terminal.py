"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, JustifyMethod
from rich.table import Table as RichTable

from ngn_core.compare.comparison import Table
from ngn_core.report.leakage import leakage_sheet
from ngn_core.report.numbers import counted
from ngn_core.report.page import plain
from ngn_core.report.rows import Field, cost_fields, heading, remarks, score_fields
from ngn_core.report.sheet import print_sheet

_SHOWN = 30
"""Remarks that a terminal shows."""


def wide() -> Console:
    """Return a console on standard output, wide where it is a pipe or a file."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def print_tables(tables: Sequence[Table]) -> None:
    """Print scores, costs and remarks of each table."""
    console = wide()
    for table in tables:
        console.print()
        console.print(plain(heading(table), "bold"))
        if table.lines:
            console.print(_rich(table, score_fields(table)))
            console.print(_rich(table, cost_fields(table)))
        if table.leakage is not None and table.leakage.leaks:
            print_sheet(console, leakage_sheet(table.leakage))
        sentences = remarks(table)
        for sentence in sentences[:_SHOWN]:
            console.print(plain(sentence))
        if len(sentences) > _SHOWN:
            more = counted(len(sentences) - _SHOWN, "more remark")
            console.print(f"and {more}, all of them in the report's files")


def _rich(table: Table, fields: Sequence[Field]) -> RichTable:
    made = RichTable()
    for position, field in enumerate(fields):
        title = f"{field.title}\n{field.unit}" if field.unit else field.title
        justify: JustifyMethod = "left" if position == 0 else "right"
        made.add_column(plain(title), justify=justify, overflow="fold")
    for line in table.lines:
        style = "bold" if line.best else None
        made.add_row(*(plain(field.text(line)) for field in fields), style=style)
    return made
