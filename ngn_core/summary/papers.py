"""The papers behind the published rows of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.matbench.leaderboard import PUBLISHED, read_leaderboard
from ngn_core.summary.comparison import Line
from ngn_core.summary.typed_table import FILES, TableColumn, TypedTable


def papers_table(lines: Sequence[Line], benchmark: str | None) -> TypedTable | None:
    """Return papers of the leaderboard's rows; None where the table has none.

    Args:
        lines: of the comparison.
        benchmark: the published task that the target belongs to, None where to none.
    """
    shown = {line.spec for line in lines if line.origin == "leaderboard"}
    rows = tuple(
        (one.name, one.by or None, one.doi or None)
        for one in read_leaderboard().tasks.get(benchmark or "", ())
        if f"{one.name}{PUBLISHED}" in shown
    )
    if not rows:
        return None
    return TypedTable(
        "papers",
        f"Papers of the published rows, from {read_leaderboard().source}",
        (
            TableColumn("submission", "submission"),
            TableColumn("by", "by"),
            TableColumn("doi", "DOI"),
        ),
        (rows,),
        places=FILES,
    )
