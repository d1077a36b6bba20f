"""Predictions against targets, and a table of the worst crystals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ngn_core.report.numbers import counted, shown
from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.report.sheet import Sheet
from ngn_core.report.tested import about
from ngn_core.statistics.crystal_errors import (
    CrystalError,
    crystal_errors,
    worst,
)
from ngn_core.summary.comparison import Table

MOST = 4000
"""Crystals of a spec that are drawn."""

LISTED = 10
"""Crystals of a spec in the table of the worst."""


def errors_of(table: Table) -> dict[str, tuple[CrystalError, ...]]:
    """Return the error on each test crystal, of each spec that has predictions."""
    found = {line.spec: crystal_errors(line.results) for line in table.lines}
    return {spec: errors for spec, errors in found.items() if errors}


def parity_plot(
    table: Table,
    errors: Mapping[str, Sequence[CrystalError]],
    colors: Mapping[str, int],
) -> Plot | None:
    """Return predictions against targets; None of classes and without predictions."""
    if table.task == "binary" or not errors:
        return None
    drawn = {spec: _sample(own) for spec, own in errors.items()}
    series = tuple(
        Series(
            spec,
            "points",
            tuple(one.target for one in own),
            tuple(one.prediction for one in own),
            texts=tuple(_text(one, table) for one in own),
            color=colors[spec],
        )
        for spec, own in drawn.items()
    )
    extra = {spec: _columns(own, table) for spec, own in drawn.items()}
    note = "A prediction is the mean over the trials that tested on the crystal."
    all_of = max(map(len, errors.values()))
    if all_of > MOST:
        kept = counted(max(map(len, drawn.values())), "crystal")
        note += f" Drawn are {kept} of {all_of:,}: evenly chosen, and the worst."
    return Plot(
        "parity",
        "Predictions against targets",
        Axis(table.target, table.unit),
        Axis(f"{table.target}, predicted", table.unit),
        series,
        note,
        diagonal=True,
        extra=extra,
    )


def worst_sheet(
    table: Table, errors: Mapping[str, Sequence[CrystalError]]
) -> Sheet | None:
    """Return the crystals with the largest errors of each spec."""
    if not errors:
        return None
    unit = "" if table.task == "binary" else f" [{table.unit}]"
    groups = tuple(
        tuple(
            (
                spec,
                one.id,
                *about(table, one.id),
                shown(one.target),
                shown(one.prediction),
                shown(one.error),
            )
            for one in worst(own, LISTED)
        )
        for spec, own in errors.items()
    )
    columns = ("spec", "id", "formula", "space group", "atoms")
    numbers = (f"target{unit}", f"prediction{unit}", f"error{unit}")
    return Sheet("Worst crystals", (*columns, *numbers), 4, groups)


def _sample(errors: Sequence[CrystalError]) -> list[CrystalError]:
    """Return evenly chosen crystals, and the worst; all where there are few."""
    if len(errors) <= MOST:
        return list(errors)
    step = math.ceil(len(errors) / MOST)
    kept = {one.id for one in errors[::step]}
    kept |= {one.id for one in worst(errors, LISTED)}
    return [one for one in errors if one.id in kept]


def _text(one: CrystalError, table: Table) -> str:
    formula, group, atoms = about(table, one.id)
    known = ""
    if formula != "-":
        known = f"\n{formula}, space group {group}, {counted(int(atoms), 'atom')}"
    return (
        f"{one.id}{known}\ntarget {shown(one.target)}, predicted "
        f"{shown(one.prediction)}\nerror {shown(one.error)} {table.unit}"
    )


def _columns(
    errors: Sequence[CrystalError], table: Table
) -> dict[str, tuple[str | float, ...]]:
    known = [about(table, one.id) for one in errors]
    return {
        "id": tuple(one.id for one in errors),
        "error": tuple(one.error for one in errors),
        "formula": tuple(formula for formula, _, _ in known),
        "space group": tuple(group for _, group, _ in known),
        "atoms": tuple(atoms for _, _, atoms in known),
    }
