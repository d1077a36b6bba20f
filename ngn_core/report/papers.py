"""The papers behind the published rows of a table."""

from __future__ import annotations

from ngn_core.matbench.board import PUBLISHED, board
from ngn_core.report.sheet import Sheet
from ngn_core.summary.comparison import Table


def papers_sheet(table: Table) -> Sheet | None:
    """Return who published each row of the board, None where there is no such row."""
    shown = {line.spec for line in table.lines if line.origin == "published"}
    rows = tuple(
        (one.name, one.by or "-", one.doi or "-")
        for one in board().tasks.get(table.benchmark or "", ())
        if f"{one.name}{PUBLISHED}" in shown
    )
    if not rows:
        return None
    title = f"Papers of the published rows, from {board().source}"
    return Sheet(title, ("submission", "by", "DOI"), 3, (rows,))
