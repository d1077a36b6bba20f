"""The table of costs as text: measured with nothing beside, Pareto fronts marked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ngn_core.costs.hardware import Hardware
from ngn_core.costs.time_to_error import TimeToError
from ngn_core.report.cost_rows import (
    COST_FIELDS,
    CostField,
    CostRow,
    cost_rows,
    table_time_to_error,
)
from ngn_core.report.cost_sentences import costs_sentences, unit_of
from ngn_core.report.numbers import shown
from ngn_core.report.sheet import Sheet
from ngn_core.summary.comparison import Table

SIZES = (
    ("node", "nodes"),
    ("edge", "edges"),
    ("angle", "angles"),
    ("torsion", "torsions"),
)
"""Levels of a graph and what they are called."""

COSTS_COLUMNS = ("spec", "cost", "unit", "value", "on_front", "place", "noisy")

_FRONT = " *"


def costs_sheet(table: Table) -> Sheet:
    """Return the table of costs: a row for each spec, those of one place together."""
    rows = cost_rows(table)
    fields = [field for field in COST_FIELDS if _known(rows, field)]
    sizes = [
        (name, title)
        for name, title in SIZES
        if any(line.graph(name) is not None for line in table.lines)
    ]
    reached = table_time_to_error(table)
    places = list(
        dict.fromkeys(row.hardware for row in rows if row.hardware is not None)
    )
    several = len(places) > 1
    lines = {line.spec: line for line in table.lines}

    def texts(row: CostRow) -> tuple[str, ...]:
        return (
            row.spec,
            *([_letter(row, places)] if several else []),
            *(_text(row, field) for field in fields),
            *([_reached(row, reached)] if reached is not None else []),
            *(shown(lines[row.spec].graph(name), 3) for name, _ in sizes),
        )

    headings = [_heading(field) for field in fields]
    if reached is not None:
        headings.append(f"to {shown(reached.error, 3)}{unit_of(table)} [s]")
    headings += [f"{title} [/crystal]" for _, title in sizes]
    groups = [[row for row in rows if row.hardware == p] for p in [*places, None]]
    return Sheet(
        "Costs",
        ("spec", *(["place"] if several else []), *headings),
        2 if several else 1,
        tuple(tuple(map(texts, group)) for group in groups if group),
        " ".join(costs_sentences(table)),
        frozenset(line.spec for line in table.lines if line.best),
    )


def costs_as_plain(table: Table) -> list[dict[str, Any]]:
    """Return the costs of each spec for JSON; what is not known is null."""
    reached = table_time_to_error(table)
    plain = []
    for row in cost_rows(table):
        cost = row.cost
        plain.append(
            {
                "spec": row.spec,
                "values": {
                    field.name: {
                        "unit": field.unit,
                        "value": row.values[field.name],
                        "on_front": field.name in row.front,
                    }
                    for field in COST_FIELDS
                },
                "time_to_error": None
                if reached is None
                else {
                    "error": reached.error,
                    "unit": table.unit,
                    "seconds": _finite(reached.seconds.get(row.spec)),
                },
                "place": None if row.hardware is None else row.hardware.words(),
                "batch_size": None if cost is None else cost.batch_size,
                "turns": None if cost is None else len(cost.turns),
                "spread": None if cost is None else cost.spread,
                "others": None if cost is None else cost.others,
                "noisy": None if cost is None else cost.noisy,
            }
        )
    return plain


def costs_rows(table: Table) -> Iterator[tuple[str | float, ...]]:
    """Yield rows under `COSTS_COLUMNS`; what is not known is empty."""
    for row in cost_rows(table):
        hardware = "" if row.hardware is None else row.hardware.words()
        noisy = "" if row.cost is None else str(row.cost.noisy).lower()
        for field in COST_FIELDS:
            value = row.values[field.name]
            yield (
                row.spec,
                field.name,
                field.unit,
                "" if value is None else value,
                str(field.name in row.front).lower(),
                hardware if field.measured else "",
                noisy if field.measured else "",
            )


def _known(rows: Sequence[CostRow], field: CostField) -> bool:
    return any(row.values[field.name] is not None for row in rows)


def _heading(field: CostField) -> str:
    return f"{field.title} [{field.unit}]" if field.unit else field.title


def _text(row: CostRow, field: CostField) -> str:
    value = shown(row.values[field.name], field.digits)
    return value + _FRONT if field.name in row.front else value


def _reached(row: CostRow, reached: TimeToError) -> str:
    seconds = reached.seconds.get(row.spec)
    return "-" if seconds is None or math.isinf(seconds) else shown(seconds, 3)


def _letter(row: CostRow, places: Sequence[Hardware]) -> str:
    return "-" if row.hardware is None else chr(ord("A") + places.index(row.hardware))


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else value
