"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table as RichTable

from ngn_core.compare.comparison import Table
from ngn_core.report.rows import Field, cost_fields, heading, remarks, score_fields

_SHOWN = 30
"""Remarks that a terminal shows."""


def print_tables(tables: Sequence[Table]) -> None:
    """Print scores, costs and remarks of each table."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    for table in tables:
        console.print(f"\n[bold]{heading(table)}[/bold]", highlight=False)
        if table.lines:
            console.print(_rich(table, score_fields(table)))
            console.print(_rich(table, cost_fields(table)))
        sentences = remarks(table)
        for sentence in sentences[:_SHOWN]:
            console.print(sentence, markup=False, highlight=False)
        if len(sentences) > _SHOWN:
            more = len(sentences) - _SHOWN
            console.print(f"and {more} more remarks, all of them in the report's files")


def _rich(table: Table, fields: Sequence[Field]) -> RichTable:
    made = RichTable()
    for position, field in enumerate(fields):
        title = f"{field.title}\n{field.unit}" if field.unit else field.title
        made.add_column(title, justify="left" if position == 0 else "right")
    for line in table.lines:
        style = "bold" if line.best else None
        made.add_row(*(field.text(line) for field in fields), style=style)
    return made
