"""A comparison where Python shows it: as text, and as HTML in a notebook."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from io import StringIO
from shutil import get_terminal_size

from rich.console import Console

from ngn_core.report.console import plain
from ngn_core.report.formats.html import table_as_html
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.numbers import plural
from ngn_core.summary.summary import ComparisonSummary, Findings
from ngn_core.summary.typed_table import TypedTable

_STYLE = "<style>.ngn .word {text-align: left} .ngn .marked {font-weight: 600}</style>"


def summary_as_text(summary: ComparisonSummary) -> str:
    """Return sentences and the brief table of each target, as wide as the terminal."""
    file = StringIO()
    console = Console(file=file, width=get_terminal_size((100, 24)).columns)
    for found in summary.parts:
        for sentence in (found.heading, *_sentences(found)):
            console.print(plain(sentence))
        for table in _brief(found):
            print_table(console, table)
    return file.getvalue().rstrip()


def summary_as_notebook(summary: ComparisonSummary) -> str:
    """Return the brief table and sentences of each target as a piece of HTML."""
    parts = [_STYLE]
    for found in summary.parts:
        tables = [replace(table, title=found.heading) for table in _brief(found)]
        parts += map(table_as_html, tables) if tables else [escape(found.heading)]
        items = "".join(f"<li>{escape(one)}</li>" for one in _sentences(found))
        parts.append(f"<ul>{items}</ul>" if items else "")
    return f'<div class="ngn">{"".join(parts)}</div>'


def _brief(found: Findings) -> list[TypedTable]:
    """Return the table with a row a spec; none where no trial has a result."""
    return [table for table in found.tables if table.name == "brief"]


def _sentences(found: Findings) -> list[str]:
    """Return what was found, and how many trials gave nothing."""
    failed = len(found.comparison.failures)
    more = [f"{plural(failed, 'trial')} failed; the report names them."]
    return [*found.conclusions, *(more if failed else [])]
