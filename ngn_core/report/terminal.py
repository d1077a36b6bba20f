"""A comparison on the terminal, in one screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from ngn_core.report.brief import brief_sheet
from ngn_core.report.fitting import print_sheet
from ngn_core.report.noise import noise_sheet
from ngn_core.report.numbers import counted
from ngn_core.report.page import plain
from ngn_core.report.rows import heading, remarks
from ngn_core.report.sheets import apart, sheets_over
from ngn_core.report.summary import summary
from ngn_core.summary.comparison import Table

_SHOWN = 30
"""Remarks that a terminal shows."""


def wide() -> Console:
    """Return a console on standard output, wide where it is a pipe or a file."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def print_tables(tables: Sequence[Table]) -> None:
    """Print sentences, tables and remarks of each table."""
    console = wide()
    for table in tables:
        console.print()
        console.print(plain(heading(table), "bold"))
        for sentence in summary(table):
            console.print(plain(sentence))
        if table.lines:
            print_sheet(console, brief_sheet(table, console.width))
        noise = noise_sheet(table)
        if noise is not None:
            print_sheet(console, noise)
        for sheet in apart(table):
            print_sheet(console, sheet)
        sentences = remarks(table)
        for sentence in sentences[:_SHOWN]:
            console.print(plain(sentence))
        if len(sentences) > _SHOWN:
            more = counted(len(sentences) - _SHOWN, "more remark")
            console.print(f"and {more}, all of them in the report's files")
    for sheet in sheets_over(tables):
        print_sheet(console, sheet)
