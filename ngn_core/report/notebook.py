"""A comparison where Python shows it: as text, and as HTML in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from io import StringIO
from shutil import get_terminal_size

from rich.console import Console

from ngn_core.report.brief import brief_sheet
from ngn_core.report.fitting import print_sheet
from ngn_core.report.numbers import counted
from ngn_core.report.page import plain
from ngn_core.report.rows import heading
from ngn_core.report.sheet import Sheet, sheet_as_html
from ngn_core.report.summary import summary
from ngn_core.summary.comparison import Table

_WIDTH = 160
"""Letters that a table in a notebook may have; what is wider is scrolled."""

_STYLE = "<style>.ngn .word {text-align: left} .ngn .marked {font-weight: 600}</style>"


def as_text(tables: Sequence[Table]) -> str:
    """Return sentences and the brief table of each target, as wide as the terminal."""
    file = StringIO()
    console = Console(file=file, width=get_terminal_size((100, 24)).columns)
    for table in tables:
        for sentence in (heading(table), *_sentences(table)):
            console.print(plain(sentence))
        if table.lines:
            print_sheet(console, brief_sheet(table, console.width))
    return file.getvalue().rstrip()


def as_notebook(tables: Sequence[Table]) -> str:
    """Return the brief table and sentences of each target as a piece of HTML."""
    parts = [_STYLE]
    for table in tables:
        sheet = Sheet("", (), 0, ())
        if table.lines:
            sheet = brief_sheet(table, _WIDTH)
        parts.append(sheet_as_html(replace(sheet, title=heading(table))))
        items = "".join(f"<li>{escape(one)}</li>" for one in _sentences(table))
        parts.append(f"<ul>{items}</ul>" if items else "")
    return f'<div class="ngn">{"".join(parts)}</div>'


def _sentences(table: Table) -> list[str]:
    """Return what was found, and how many trials gave nothing."""
    failed = len(table.failures)
    more = [f"{counted(failed, 'trial')} failed; the report names them."]
    return [*summary(table), *(more if failed else [])]
