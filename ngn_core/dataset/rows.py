"""The crystals of chosen rows, and what becomes of rows that cannot be used."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ngn_core.crystal.crystal import Crystal, Species
from ngn_core.crystal.validation import check_arrays, check_distances, check_numbers
from ngn_core.dataset.crystal_set import Skipped
from ngn_core.dataset.dataset import DatasetTable, Row
from ngn_core.dataset.values import as_number, shown
from ngn_core.errors import DatasetError, StructureError

OnBadStructure = Literal["error", "skip"]
OnDisorder = Literal["error", "skip", "average"]

_HEAVIEST = 118
_LISTED = 20


@dataclass(frozen=True)
class ReadColumns:
    """Columns that networks read, beside what a crystal always has.

    Attributes:
        sites: of the sites.
        crystals: of the crystals as a whole: columns of the table.
    """

    sites: frozenset[str] = frozenset()
    crystals: frozenset[str] = frozenset()


NO_COLUMNS = ReadColumns()


def read_crystals(
    table: DatasetTable,
    chosen: Sequence[int],
    read: ReadColumns,
    problems: Sequence[Mapping[int, str]],
    on_bad_structure: OnBadStructure,
    on_disorder: OnDisorder,
) -> tuple[list[int], list[Crystal], list[Skipped]]:
    """Return the rows that can be used, their crystals, and what is left out.

    Args:
        table: as a dataset plugin gave it.
        chosen: positions of the rows.
        read: what a crystal without cannot be used; no other columns are kept.
        problems: what is wrong with columns of the table, by position of the row.
        on_bad_structure: see `select`.
        on_disorder: see `select`.

    Raises:
        DatasetError: for all bad and disordered rows together, unless they are left out
            or averaged; where no row is left.
    """
    kept, crystals = [], []
    bad: dict[int, Skipped] = {}
    disordered: dict[int, Skipped] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    directional = frozenset(
        name
        for name in read.sites & table.sites.keys()
        if table.sites[name].directional
    )
    for index in chosen:
        row = table.rows[index]
        crystal, reasons = read_row(row, read, directional)
        reasons += [column[index] for column in problems if index in column]
        if crystal is not None:
            reasons += _misshapen(crystal, shapes)
        if crystal is None or reasons:
            bad[index] = Skipped(row.id, row.where, "; ".join(reasons))
            continue
        disorder = None if on_disorder == "average" else crystal.disorder()
        if disorder is not None:
            disordered[index] = Skipped(row.id, row.where, disorder)
        else:
            kept.append(index)
            crystals.append(crystal)
    refusals = []
    if disordered and on_disorder == "error":
        refusals.append(_disordered(table, disordered.values(), len(chosen)))
    if bad and on_bad_structure == "error" and len(bad) < len(chosen):
        refusals.append(_bad(table, bad.values(), len(chosen)))
    skipped = [row for _, row in sorted({**bad, **disordered}.items())]
    if not kept and not refusals:
        refusals.append(_none_left(table, skipped))
    if refusals:
        raise DatasetError("\n".join(refusals))
    return kept, crystals, skipped


def read_row(
    row: Row, read: ReadColumns, directional: frozenset[str] = frozenset()
) -> tuple[Crystal | None, list[str]]:
    """Return the crystal of a row with some of its columns, or why it is none."""
    properties, reasons = _properties(row, read.crystals)
    try:
        crystal = row.crystal()
        columns = _columns(crystal, read.sites)
        crystal = replace(
            crystal,
            columns=columns,
            properties=properties,
            directional=directional,
        )
        check_arrays(crystal)
        _check_elements(crystal.species)
        check_distances(crystal)
    except StructureError as error:
        return None, [str(error), *reasons]
    return crystal, reasons


def _misshapen(crystal: Crystal, shapes: dict[str, tuple[int, ...]]) -> list[str]:
    """Return which columns have another shape than in the first crystal."""
    found = {name: column.shape[1:] for name, column in crystal.columns.items()}
    return [
        f"site column {name} has shape {['sites', *shape]}; that of the first row has "
        f"{['sites', *shapes[name]]}"
        for name, shape in found.items()
        if shapes.setdefault(name, shape) != shape
    ]


def _properties(row: Row, names: frozenset[str]) -> tuple[dict[str, float], list[str]]:
    """Return columns of a row that hold numbers, and what is wrong with others."""
    found, reasons = {}, []
    for name in sorted(names):
        number = as_number(row.columns.get(name))
        if number is None or not math.isfinite(number):
            value = shown(row.columns.get(name))
            reasons.append(f"column {name} is {value}; expected a number")
        else:
            found[name] = number
    return found, reasons


def _columns(crystal: Crystal, sites: frozenset[str]) -> dict[str, np.ndarray]:
    missing = sorted(sites - crystal.columns.keys())
    if missing:
        there = ", ".join(sorted(crystal.columns)) or "none"
        raise StructureError(
            f"the crystal has no site column {', '.join(missing)}; it has {there}"
        )
    return {name: _numbers(name, crystal.columns[name]) for name in sorted(sites)}


def _numbers(name: str, column: np.ndarray) -> np.ndarray:
    check_numbers(name, column)
    return column.astype(np.float64)


def _check_elements(sites: Sequence[Species]) -> None:
    for site, species in enumerate(sites):
        for number, _ in species:
            if not 1 <= number <= _HEAVIEST:
                raise StructureError(
                    f"site {site} holds an element outside the table (Z={number}); "
                    f"expected 1 to {_HEAVIEST}"
                )


def _bad(table: DatasetTable, bad: Collection[Skipped], count: int) -> str:
    return (
        f"{table.name}: {len(bad)} of {count} rows cannot be used; mend them, or skip "
        "them with --on-bad-structure skip; the report lists what was skipped:\n"
        f"{_rows(bad)}"
    )


def _disordered(
    table: DatasetTable, disordered: Collection[Skipped], count: int
) -> str:
    return (
        f"{table.name}: {len(disordered)} of {count} rows have disordered sites; leave "
        "them out with --on-disorder skip, or give each such site the weighted mean of "
        f"its elements' embeddings with --on-disorder average:\n{_rows(disordered)}"
    )


def _none_left(table: DatasetTable, skipped: Collection[Skipped]) -> str:
    return (
        f"{table.name}: {len(skipped)} of {len(skipped)} rows cannot be used; no row "
        f"is left:\n{_rows(skipped)}"
    )


def _rows(rows: Collection[Skipped]) -> str:
    return _listed([f"{row.id} ({row.where}): {row.reason}" for row in rows])


def _listed(lines: Sequence[str]) -> str:
    """Return the first lines of a list, and how many more there are."""
    shown = [f"  {line}" for line in lines[:_LISTED]]
    if len(lines) > _LISTED:
        shown.append(f"  ... and {len(lines) - _LISTED} more")
    return "\n".join(shown)
