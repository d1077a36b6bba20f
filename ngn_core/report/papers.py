"""The papers behind the published rows of a table."""

from __future__ import annotations

from ngn_core.matbench.leaderboard import PUBLISHED, read_leaderboard
from ngn_core.report.sheet import Sheet
from ngn_core.summary.comparison import Table


def papers_sheet(table: Table) -> Sheet | None:
    """Return who published each row of the leaderboard; None: it has no such row."""
    shown = {line.spec for line in table.lines if line.origin == "leaderboard"}
    rows = tuple(
        (one.name, one.by or "-", one.doi or "-")
        for one in read_leaderboard().tasks.get(table.benchmark or "", ())
        if f"{one.name}{PUBLISHED}" in shown
    )
    if not rows:
        return None
    title = f"Papers of the published rows, from {read_leaderboard().source}"
    return Sheet(title, ("submission", "by", "DOI"), 3, (rows,))
