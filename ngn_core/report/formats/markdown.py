"""A table as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.summary.typed_table import TypedTable


def table_as_markdown(table: TypedTable) -> str:
    """Return a table with its title and note."""
    table = table.seen()
    rules = ["---" if column.is_word else "---:" for column in table.columns]
    heads = [column.heading for column in table.columns]
    lines = [f"### {table.title}", "", _line(heads), _line(rules)]
    for row in table.rows:
        first, *others = map(cell_text, row, table.columns)
        first = f"**{first}**" if row[0] in table.marked else first
        lines.append(_line((first, *others)))
    return "\n".join([*lines, *(["", table.note] if table.note else [])]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
