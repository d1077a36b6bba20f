"""The leakage table: errors with and without a duplicate in training."""

from __future__ import annotations

import math

from ngn_core.experiment.leakage import Leakage, Part
from ngn_core.summary.numbers import plural
from ngn_core.summary.typed_table import (
    EVERYWHERE,
    TableColumn,
    TypedTable,
    data_column,
)

COPYING = "copies its duplicates"
"""The baseline that predicts the mean of the duplicates' values."""

_NOTE = (
    "A formula duplicate has the same reduced formula; a structure duplicate is "
    "matched by pymatgen's StructureMatcher. Those count that the fold trains or "
    "validates on."
)


def leakage_table(leakage: Leakage) -> TypedTable:
    """Return a row for each spec and one for the baseline that copies.

    Where nothing leaks, CSV and JSON have it alone; a sentence says so to people.
    """
    columns = [TableColumn("spec", "spec" if leakage.specs else "")]
    for part in leakage.parts:
        name = _title(part).replace(" ", "_")
        title = f"{_title(part)} ({part.crystals:,})"
        columns.append(TableColumn(name, title, kind="score"))
        columns.append(data_column(f"{name}_crystals"))
    columns += [data_column("metric"), data_column("unit")]
    rows = []
    for spec in (*leakage.specs, COPYING):
        cells: list[float | None] = []
        for part in leakage.parts:
            value = part.copying if spec == COPYING else part.scores[spec]
            known = value is not None and not math.isnan(value)
            cells += [value if known else None, part.crystals]
        rows.append((spec, *cells, leakage.title, leakage.unit))
    unit = f" [{leakage.unit}]" if leakage.unit else ""
    remark = f" {leakage.remark}" if leakage.remark else ""
    return TypedTable(
        "leakage",
        f"Leakage: {leakage.title}{unit} of test crystals",
        tuple(columns),
        (tuple(rows),),
        f"{leakage_sentence(leakage)} {_NOTE}{remark}",
        facts={
            "metric": leakage.title,
            "unit": leakage.unit,
            "better": leakage.better,
            "tested": leakage.tested,
            "remark": leakage.remark,
        },
        places=EVERYWHERE if leakage.leaks else frozenset({"data"}),
    )


def leakage_sentence(leakage: Leakage) -> str:
    """Return how many test crystals have duplicates in training."""
    tested = plural(leakage.tested, "test crystal")
    if not leakage.leaks:
        return f"Of {tested}, none has a formula duplicate in training."
    shares = []
    for part in leakage.parts:
        if part.has_duplicate:
            share = part.crystals / max(leakage.tested, 1)
            shares.append(
                f"{part.crystals:,} ({share:.0%}) have a {part.duplicate} duplicate"
            )
    return f"Of {tested}, {' and '.join(shares)} in training."


def _title(part: Part) -> str:
    return (
        f"{part.duplicate} duplicate"
        if part.has_duplicate
        else f"no {part.duplicate} duplicate"
    )
