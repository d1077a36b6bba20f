"""The table of costs: measured with nothing beside, Pareto fronts marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ngn_core.costs.hardware import Hardware
from ngn_core.costs.time_to_error import TimeToError
from ngn_core.summary.comparison import Line
from ngn_core.summary.cost_rows import COST_FIELDS, CostRow
from ngn_core.summary.cost_sentences import costs_sentences
from ngn_core.summary.numbers import format_number, unit_behind
from ngn_core.summary.typed_table import (
    FILES,
    Marked,
    Row,
    TableColumn,
    TypedTable,
    data_column,
)

SIZES = (
    ("node", "nodes", 86),
    ("edge", "edges", 83),
    ("angle", "angles", 85),
    ("torsion", "torsions", 84),
)
"""Levels of a graph, what they are called, and priorities of their columns."""


def costs_table(
    rows: Sequence[CostRow],
    lines: Sequence[Line],
    reached: TimeToError | None,
    metric: str,
    unit: str,
) -> TypedTable:
    """Return a row for each spec, those of one place together.

    Args:
        rows: of all lines.
        lines: of the comparison.
        reached: the time to an error that all reach, None where there is none.
        metric: title of the deciding one.
        unit: of the target.
    """
    places = list(
        dict.fromkeys(row.hardware for row in rows if row.hardware is not None)
    )
    by_spec = {line.spec: line for line in lines}
    columns = [
        TableColumn("spec", "spec"),
        TableColumn("place", "place", priority=75, shown=len(places) > 1),
    ]
    for field in COST_FIELDS:
        known = any(row.values[field.name] is not None for row in rows)
        columns.append(replace(field.column, shown=known))
    if reached is not None:
        title = f"to {format_number(reached.error, 3)}{unit_behind(unit)}"
        columns.append(TableColumn("seconds_to_error", title, "s", "quantity"))
    for name, title, priority in SIZES:
        known = any(line.graph(name) is not None for line in lines)
        column = TableColumn(title, title, "/crystal", "quantity", priority, known)
        columns.append(column)
    columns += map(
        data_column,
        ("measured_on", "batch_size", "turns", "turn_spread", "other_cores", "noisy"),
    )
    groups = [[row for row in rows if row.hardware == p] for p in [*places, None]]
    return TypedTable(
        "costs",
        "Costs",
        tuple(columns),
        tuple(
            tuple(_row(row, by_spec[row.spec], reached, places) for row in group)
            for group in groups
            if group
        ),
        " ".join(costs_sentences(rows, lines, reached, metric, unit)),
        frozenset(line.spec for line in lines if line.best),
        {} if reached is None else {"error": reached.error, "unit": unit},
        FILES,
    )


def _row(
    row: CostRow, line: Line, reached: TimeToError | None, places: Sequence[Hardware]
) -> Row:
    cost = row.cost
    return (
        row.spec,
        None if row.hardware is None else chr(ord("A") + places.index(row.hardware)),
        *(
            Marked(row.values[field.name], "*" if field.name in row.front else "")
            for field in COST_FIELDS
        ),
        *([] if reached is None else [_seconds(row, reached)]),
        *(line.graph(name) for name, _, _ in SIZES),
        None if row.hardware is None else row.hardware.words(),
        None if cost is None else cost.batch_size,
        None if cost is None else len(cost.turns),
        None if cost is None else cost.spread,
        None if cost is None else cost.others,
        None if cost is None else cost.noisy,
    )


def _seconds(row: CostRow, reached: TimeToError) -> float | None:
    seconds = reached.seconds.get(row.spec)
    return None if seconds is None or math.isinf(seconds) else seconds
