"""The leakage table as text: errors with and without a duplicate in training."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ngn_core.experiment.leakage import Leakage, Part
from ngn_core.report.numbers import counted, shown
from ngn_core.report.sheet import Sheet

COPYING = "copies its duplicates"
"""The baseline that predicts the mean of the duplicates' values."""

LEAKAGE_COLUMNS = (
    "spec",
    "duplicate",
    "has_duplicate",
    "crystals",
    "metric",
    "unit",
    "value",
)

_NOTE = (
    "A formula duplicate has the same reduced formula; a structure duplicate is "
    "matched by pymatgen's StructureMatcher. Those count that the fold trains or "
    "validates on."
)


def leakage_sheet(leakage: Leakage) -> Sheet:
    """Return the table: a row for each spec and one for the baseline."""
    columns = [f"{_title(part)} ({part.crystals:,})" for part in leakage.parts]
    rows = [
        (spec, *(_number(part.scores[spec]) for part in leakage.parts))
        for spec in leakage.specs
    ]
    rows.append((COPYING, *(_number(part.copying) for part in leakage.parts)))
    unit = f" [{leakage.unit}]" if leakage.unit else ""
    remark = f" {leakage.remark}" if leakage.remark else ""
    return Sheet(
        f"Leakage: {leakage.title}{unit} of test crystals",
        ("spec" if leakage.specs else "", *columns),
        1,
        (tuple(rows),),
        f"{leakage_sentence(leakage)} {_NOTE}{remark}",
    )


def leakage_sentence(leakage: Leakage) -> str:
    """Return how many test crystals have duplicates in training."""
    tested = counted(leakage.tested, "test crystal")
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


def leakage_as_plain(leakage: Leakage) -> dict[str, Any]:
    """Return the table for JSON; what is not defined is null."""
    return {
        "metric": leakage.title,
        "unit": leakage.unit,
        "better": leakage.better,
        "tested": leakage.tested,
        "remark": leakage.remark,
        "parts": [
            {
                "duplicate": part.duplicate,
                "has_duplicate": part.has_duplicate,
                "crystals": part.crystals,
                "scores": {name: _plain(value) for name, value in part.scores.items()},
                "copying": _plain(part.copying),
            }
            for part in leakage.parts
        ],
    }


def leakage_rows(leakage: Leakage) -> Iterator[tuple[str | float, ...]]:
    """Yield rows under `LEAKAGE_COLUMNS`; what is not defined is empty."""
    for part in leakage.parts:
        scored = [*part.scores.items(), (COPYING, part.copying)]
        for name, score in scored:
            value = _plain(score)
            yield (
                name,
                part.duplicate,
                str(part.has_duplicate).lower(),
                part.crystals,
                leakage.title,
                leakage.unit,
                "" if value is None else value,
            )


def _title(part: Part) -> str:
    return (
        f"{part.duplicate} duplicate"
        if part.has_duplicate
        else f"no {part.duplicate} duplicate"
    )


def _number(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else shown(value)


def _plain(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
