"""Scores, verdicts and costs in one table: what fits on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.statistics.verdicts import Verdicts
from ngn_core.summary.typed_table import Cell, TableColumn, TypedTable

_NEVER = ("won",)
"""Columns that the terminal shows in another table."""

_LAST = ("trials", "epochs")


def brief_table(
    parts: Sequence[TypedTable], verdicts: Verdicts | None, note: str
) -> TypedTable:
    """Return a row for each spec, with the columns that people see of all tables.

    Args:
        parts: tables with a row a spec at most; the first has all of them.
        verdicts: of the comparison.
        note: on the costs.
    """
    columns: list[tuple[TableColumn, dict[Cell, Cell]]] = []
    for part in map(TypedTable.seen, parts):
        for place, column in enumerate(part.columns[1:], start=1):
            if column.name not in _NEVER:
                columns.append((column, {row[0]: row[place] for row in part.rows}))
    columns.sort(key=lambda one: (not one[0].is_word, one[0].name in _LAST))
    first = parts[0]
    return TypedTable(
        "brief",
        "",
        (first.columns[0], *(column for column, _ in columns)),
        (
            tuple(
                (row[0], *(cells.get(row[0]) for _, cells in columns))
                for row in first.rows
            ),
        ),
        f"{_marks(verdicts)}{note}",
        first.marked,
        places=frozenset({"terminal"}),
    )


def _marks(verdicts: Verdicts | None) -> str:
    """Return what the marks mean."""
    if verdicts is None or not verdicts.pairs:
        return ""
    return (
        "Bold: not separated from the best. Outcome and error: against "
        f"{verdicts.baseline}, on fold means (Nadeau and Bengio, Holm). "
    )
