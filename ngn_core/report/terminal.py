"""A comparison on the terminal, in one screen."""

from __future__ import annotations

from ngn_core.report.console import plain, wide
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.numbers import plural
from ngn_core.summary.summary import ComparisonSummary

_SHOWN = 30
"""Remarks that a terminal shows."""


def print_summary(summary: ComparisonSummary) -> None:
    """Print sentences, tables and remarks of each comparison."""
    console = wide()
    for found in summary.parts:
        console.print()
        console.print(plain(found.heading, "bold"))
        for sentence in found.conclusions:
            console.print(plain(sentence))
        for table in found.at("terminal"):
            print_table(console, table)
        for sentence in found.remarks[:_SHOWN]:
            console.print(plain(sentence))
        if len(found.remarks) > _SHOWN:
            more = plural(len(found.remarks) - _SHOWN, "more remark")
            console.print(f"and {more}, all of them in the report's files")
    for table in summary.tables:
        print_table(console, table)
