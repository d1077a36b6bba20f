"""A table as text, the same on the terminal and in a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Sheet:
    """A table as text.

    Attributes:
        title: over it, or nothing.
        columns: their headings; all but the first `left` are numbers.
        left: how many columns hold words.
        groups: of rows that belong together.
        note: sentence under it, or nothing.
        marked: first cells of the rows that stand out.
        least: headings of the columns that a narrow terminal leaves out, in this order.
    """

    title: str
    columns: tuple[str, ...]
    left: int
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    note: str = ""
    marked: frozenset[str] = frozenset()
    least: tuple[str, ...] = ()


def sheet_as_markdown(sheet: Sheet) -> str:
    """Return a table with its title and note."""
    rules = [
        "---" if place < sheet.left else "---:" for place in range(len(sheet.columns))
    ]
    lines = [f"### {sheet.title}", "", _line(sheet.columns), _line(rules)]
    for row in (row for group in sheet.groups for row in group):
        first = f"**{row[0]}**" if row[0] in sheet.marked else row[0]
        lines.append(_line((first, *row[1:])))
    return "\n".join([*lines, *(["", sheet.note] if sheet.note else [])]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def sheet_as_html(sheet: Sheet) -> str:
    """Return a table with its title and note; a click on a heading sorts it."""
    head = _row(sheet, sheet.columns, "th")
    groups = "\n".join(
        "<tbody>" + "\n".join(_row(sheet, row, "td") for row in group) + "</tbody>"
        for group in sheet.groups
    )
    note = f"<p>{escape(sheet.note)}</p>" if sheet.note else ""
    table = (
        f'<div class="wide"><table class="sheet">\n<thead>{head}</thead>\n{groups}\n'
        "</table></div>\n"
    )
    return f"<h2>{escape(sheet.title)}</h2>\n{table if any(sheet.groups) else ''}{note}"


def _row(sheet: Sheet, cells: tuple[str, ...], tag: str) -> str:
    words = [
        ' class="word"' if place < sheet.left else "" for place in range(len(cells))
    ]
    parts = zip(words, cells, strict=True)
    marked = ' class="marked"' if tag == "td" and cells[0] in sheet.marked else ""
    return (
        f"<tr{marked}>"
        + "".join(f"<{tag}{word}>{_whole(cell)}</{tag}>" for word, cell in parts)
        + "</tr>"
    )


def _whole(cell: str) -> str:
    """Return a cell whose lines do not begin with a sign."""
    return escape(cell).replace(" %", "&nbsp;%").replace(" *", "&nbsp;*")
