"""What is in a dataset as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ngn_core.crystal.systems import SYSTEMS
from ngn_core.dataset.crystal_set import Skipped
from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.leakage import leakage_table
from ngn_core.summary.numbers import format_number, plural
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.inspection.distribution import Distribution, Outliers
    from ngn_core.inspection.duplicate_groups import Duplicates
    from ngn_core.inspection.survey import Survey
    from ngn_core.inspection.surveyed_target import TargetSurvey

LISTED = 20
"""Rows that a table shows; the rest is counted."""

_NAMED = 6
"""Ids of a group that are named; the rest is counted."""


def survey_tables(found: Survey, listed: int = LISTED) -> list[TypedTable]:
    """Return the tables.

    Args:
        found: the survey.
        listed: rows of each that are shown.
    """
    made = [_bad(found, listed)]
    if found.leakage is not None and found.leakage.leaks:
        made.append(leakage_table(found.leakage))
    made += [_distributions(found), _systems(found), *_floor(found, listed)]
    if found.target is not None and found.target.outliers is not None:
        made.append(_outliers(found.target, found.target.outliers, listed))
    made += [_groups(found, duplicates, listed) for duplicates in found.duplicates]
    made.append(_polymorphs(found, listed))
    return [table for table in made if any(table.groups) or table.note]


def _bad(found: Survey, listed: int) -> TypedTable:
    """Return every odd row, whatever is odd about it."""
    rows = found.rows
    same = tuple(
        (name, "identical", f"the same as {', '.join(n for n in group if n != name)}")
        for group in rows.identical
        for name in group
    )
    bad = tuple((row.id, "bad", _reason(row)) for row in rows.bad)
    disordered = tuple((row.id, "disordered", row.reason) for row in rows.disordered)
    shown_rows = [part[:listed] for part in (bad, disordered, same) if part]
    left = sum(len(part) - len(part[:listed]) for part in (bad, disordered, same))
    notes = []
    if bad:
        notes.append(
            "Bad rows stop a comparison; --on-bad-structure skip leaves them out."
        )
    if disordered:
        notes.append(
            "Disordered rows stop a comparison; --on-disorder skip leaves them out, "
            "average keeps them."
        )
    if left:
        notes.append(_more(left, "row"))
    columns = (
        TableColumn("id", "id"),
        TableColumn("what", "what"),
        TableColumn("why", "why"),
    )
    return TypedTable(
        "odd_rows", "Odd rows", columns, tuple(shown_rows), " ".join(notes)
    )


def _reason(row: Skipped) -> str:
    return f"{row.reason} ({row.where})"


def _distributions(found: Survey) -> TypedTable:
    rows: list[Row] = [("atoms in the cell", *_quantiles(found.sites))]
    rows.append(("volume an atom [Å^3]", *_quantiles(found.volume)))
    target = found.target
    if target is not None and target.task == "regression":
        name = f"{target.name} [{target.unit}]"
        rows.append((name, *_quantiles(target.distribution)))
    names = ("min", "25 %", "median", "75 %", "max", "mean", "std")
    columns = (
        TableColumn("of", ""),
        *(TableColumn(one, one, kind="score") for one in names),
    )
    return TypedTable("distributions", "Distributions", columns, (tuple(rows),))


def _quantiles(values: Distribution) -> tuple[float, ...]:
    return (*values.quantiles, values.mean, values.std)


def _systems(found: Survey) -> TypedTable:
    systems = found.systems
    columns = tuple(TableColumn(name, name, kind="count") for name in SYSTEMS)
    row = tuple(systems.counts[name] for name in SYSTEMS)
    note = ""
    if systems.unknown:
        note = (
            f"No space group at symprec {systems.symprec:g} Å for "
            f"{_some(list(systems.unknown), LISTED)}."
        )
    return TypedTable("systems", "Crystal systems", columns, ((row,),), note)


def _outliers(target: TargetSurvey, found: Outliers, listed: int) -> TypedTable:
    rows = tuple(
        (outlier.id, outlier.value, outlier.z) for outlier in found.found[:listed]
    )
    rule = (
        f"Robust z = 0.6745 (x - {format_number(found.median)}) / "
        f"{format_number(found.mad)}, median and "
        f"median absolute deviation; above {found.far:g} in size is an outlier: "
        f"{plural(len(found.found), 'value')}."
    )
    if found.mad == 0:
        rule = "More than half of the values are equal: there is no robust z."
    return TypedTable(
        "outliers",
        "Outliers",
        (
            TableColumn("id", "id"),
            TableColumn("value", target.name, target.unit, "score"),
            TableColumn("z", "robust z", kind="decimal"),
        ),
        (rows,),
        f"{rule} {_more(len(found.found) - listed, 'outlier')}".strip(),
    )


def _groups(found: Survey, duplicates: Duplicates, listed: int) -> TypedTable:
    columns = [TableColumn("formula", "formula"), TableColumn("ids", "ids")]
    if found.target is not None:
        columns.append(
            TableColumn("values", found.target.name, found.target.unit, "score")
        )
    rows = tuple(
        (group.formula, _some(group.ids, _NAMED), *_range(group.values))
        for group in duplicates.groups[:listed]
    )
    return TypedTable(
        "duplicates",
        f"Groups of {duplicates.duplicate} duplicates",
        tuple(columns),
        (rows,),
        _more(len(duplicates.groups) - listed, "group"),
    )


def _range(values: Sequence[float]) -> tuple[float | Interval, ...]:
    """Return the smallest and the largest value; nothing where there are none."""
    if not values:
        return ()
    low, high = min(values), max(values)
    return (low if low == high else Interval(low, high),)


def _polymorphs(found: Survey, listed: int) -> TypedTable:
    poly = found.polymorphs
    counts = ", ".join(
        f"{plural(formulas, 'formula')} with {size}"
        for size, formulas in poly.counts.items()
    )
    return TypedTable(
        "polymorphs",
        "Polymorphs",
        (
            TableColumn("formula", "formula"),
            TableColumn("structures", "structures", kind="count"),
        ),
        (tuple(poly.most[: min(listed, 10)]),),
        f"Structures of a formula, duplicates counted once: {counts}.",
    )


def _floor(found: Survey, listed: int) -> list[TypedTable]:
    floor = found.floor
    if floor is None or found.target is None:
        return []
    rows = tuple(
        (_some(group.ids, _NAMED), *_range(group.values), group.spread)
        for group in floor.groups[:listed]
    )
    unit = found.target.unit
    note = (
        f"{floor.equal:,} of {plural(floor.crystals, 'crystal')} have a "
        f"graph that {floor.spec} cannot tell from another's: random networks of the "
        f"spec give the same output, to {floor.same:.6f} of its size."
    )
    if floor.groups:
        note += (
            " With the median of each group for a prediction the MAE over all crystals "
            f"is {format_number(floor.mae)} {unit}; no weights give less. "
            f"{_more(len(floor.groups) - listed, 'group')}"
        ).rstrip()
    if floor.failures:
        note += f" No graph for {_some(list(floor.failures), LISTED)}."
    return [
        TypedTable(
            "error_floor",
            f"Equal graphs, different targets ({floor.spec})",
            (
                TableColumn("ids", "ids"),
                TableColumn("values", found.target.name, unit, "score"),
                TableColumn("spread", "spread", kind="score"),
            ),
            (rows,) if rows else (),
            note,
        )
    ]


def _some(names: Sequence[str], most: int) -> str:
    rest = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _more(left: int, noun: str) -> str:
    more = plural(left, f"more {noun}")
    return f"And {more}; --json has all." if left > 0 else ""
