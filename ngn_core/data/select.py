"""From a table to the crystals that are trained on, every bad row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.sanity import check_arrays, check_distances
from ngn_core.data.columns import (
    Targets,
    as_number,
    read_states,
    read_targets,
    shown,
    state_column,
    target_column,
)
from ngn_core.data.crystal_set import CrystalSet, Skipped, check_folds_filled
from ngn_core.data.folds import made_folds, sample
from ngn_core.errors import DatasetError, StructureError
from ngn_core.plugin.interfaces.dataset import Row, Table

DEFAULT_FOLDS = 5
_HEAVIEST = 118
_LISTED = 20


def select(
    table: Table,
    target: str | None,
    state: str | None = None,
    folds: int | None = None,
    limit: int | None = None,
    on_bad_structure: Literal["error", "skip"] = "error",
    seed: int = 0,
) -> CrystalSet:
    """Return the crystals of a table with their targets, folds and state.

    Official folds are used where the target has them; else k folds are made, shuffled
    by `seed`, with the classes of a binary target shared out equally.

    Args:
        table: as a dataset plugin gave it.
        target: its column; None where nothing is trained.
        state: column of numbers or labels for the global state.
        folds: number of folds, 5 where nothing is said.
        limit: at most so many rows, a sample by `seed` that keeps the folds' shares
            (of a binary target without official folds the classes'); only these rows
            are read and checked.
        on_bad_structure: what becomes of rows whose crystal cannot be read, is partly
            occupied, has unknown elements or atoms on top of each other, or whose
            target or state has no value.
        seed: of the sample and of the folds that are made.

    Raises:
        DatasetError: for all bad rows together, unless they are skipped; for a column
            that is missing, ids that occur twice, and numbers of folds and rows that
            do not fit.
    """
    _check_ids(table)
    targets = None if target is None else read_targets(table, target)
    states = None if state is None else read_states(table, state)
    official = None if targets is None else _official_folds(table, targets)
    n_folds = _n_folds(table, targets, official, folds)
    chosen = _sampled(table, targets, official, n_folds, limit, seed)

    kept, crystals, skipped = [], [], []
    for index in chosen:
        row = table.rows[index]
        crystal, reasons = _read(row)
        for column in (targets, states):
            if column is not None and index in column.problems:
                reasons.append(column.problems[index])
        if crystal is None or reasons:
            skipped.append(Skipped(row.id, row.where, "; ".join(reasons)))
        else:
            kept.append(index)
            crystals.append(crystal)
    if skipped and (on_bad_structure == "error" or not kept):
        raise DatasetError(_bad_rows(table, skipped, len(chosen), not kept))

    fold, source = _folds(table, targets, official, kept, n_folds, seed)
    return CrystalSet(
        name=table.name,
        ids=tuple(table.rows[index].id for index in kept),
        where=tuple(table.rows[index].where for index in kept),
        crystals=tuple(crystals),
        target=None if targets is None else target_column(targets, kept),
        fold=fold,
        n_folds=n_folds,
        fold_source=source,
        state=None if states is None else state_column(states, kept),
        skipped=tuple(skipped),
        note=table.note,
    )


def _check_ids(table: Table) -> None:
    if not table.rows:
        raise DatasetError(f"{table.name}: the dataset is empty; expected rows")
    counts = Counter(row.id for row in table.rows)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        places: dict[str, list[str]] = {name: [] for name in twice}
        for row in table.rows:
            if row.id in places:
                places[row.id].append(row.where)
        listed = "\n".join(f"  {name}: {', '.join(places[name])}" for name in twice)
        counted = "1 id occurs" if len(twice) == 1 else f"{len(twice)} ids occur"
        raise DatasetError(
            f"{table.name}: {counted} more than once; every row needs an id of its "
            f"own:\n{listed}"
        )


# folds --------------------------------------------------------------------------------


def _official_folds(table: Table, targets: Targets) -> np.ndarray | None:
    """Return [rows] folds from 0, or None where the target declares none."""
    column = targets.declared.folds
    if column is None:
        return None
    found = [row.columns.get(column) for row in table.rows]
    bad = [
        f"{row.id} ({row.where}): {shown(value)}"
        for row, value in zip(table.rows, found, strict=True)
        if not _is_fold(value)
    ]
    if bad:
        counted = "1 row has" if len(bad) == 1 else f"{len(bad)} rows have"
        raise DatasetError(
            f"{table.name}: {counted} no fold in the column {column!r}; "
            f"expected a whole number from 0:\n{_listed(bad)}"
        )
    fold = np.array([int(value) for value in found if value is not None])
    present = np.unique(fold)
    if len(present) < 2 or present[-1] != len(present) - 1:
        raise DatasetError(
            f"{table.name}: the column {column!r} numbers its folds "
            f"{shown(present.tolist())}; expected at least two, 0, 1, ... without gap"
        )
    return fold


def _is_fold(value: Any) -> bool:
    number = None if isinstance(value, (bool, np.bool_)) else as_number(value)
    return number is not None and number >= 0 and number.is_integer()


def _n_folds(
    table: Table,
    targets: Targets | None,
    official: np.ndarray | None,
    folds: int | None,
) -> int:
    if folds is not None and folds < 2:
        raise DatasetError(
            f"{table.name}: found {_folds_of(folds)}; expected 2 or more"
        )
    if targets is None:
        return 0
    if official is None:
        n_folds = DEFAULT_FOLDS if folds is None else folds
        _check_enough(table.name, n_folds, len(table.rows), "rows")
        return n_folds
    n_official = int(official.max()) + 1
    if folds not in (None, n_official):
        raise DatasetError(
            f"{table.name}: {folds} folds were asked for, and {targets.name} has "
            f"{n_official} official ones (column {targets.declared.folds!r}); official "
            f"folds are always used, so leave --folds out or say {n_official}"
        )
    return n_official


def _folds_of(count: int) -> str:
    return "1 fold" if count == 1 else f"{count} folds"


def _check_enough(name: str, n_folds: int, count: int, what: str) -> None:
    if n_folds > count:
        raise DatasetError(
            f"{name}: {n_folds} folds need as many {what}; found {count}"
        )


def _sampled(
    table: Table,
    targets: Targets | None,
    official: np.ndarray | None,
    n_folds: int,
    limit: int | None,
    seed: int,
) -> list[int]:
    if limit is None:
        return list(range(len(table.rows)))
    if limit < max(n_folds, 1):
        right = f"one row for each of the {n_folds} folds" if n_folds else "one row"
        rows = "1 row" if limit == 1 else f"{limit} rows"
        raise DatasetError(
            f"{table.name}: found a limit of {rows}; expected at least {right}"
        )
    if official is not None:
        groups = official
    else:
        groups = _classes(targets, range(len(table.rows)))
    return [int(index) for index in sample(groups, limit, seed)]


def _classes(targets: Targets | None, rows: Sequence[int]) -> np.ndarray:
    """Return [rows] the classes of a binary target, -1 for no value; else zeros."""
    if targets is None or targets.task == "regression":
        return np.zeros(len(rows), dtype=np.int64)
    classes: np.ndarray = np.nan_to_num(targets.values[list(rows)], nan=-1.0)
    return classes.astype(np.int64)


def _folds(
    table: Table,
    targets: Targets | None,
    official: np.ndarray | None,
    kept: list[int],
    n_folds: int,
    seed: int,
) -> tuple[np.ndarray | None, str]:
    if targets is None:
        return None, ""
    if official is not None:
        fold, source = official[kept], "official"
        check_folds_filled(table.name, fold, n_folds)
    else:
        _check_enough(table.name, n_folds, len(kept), "crystals")
        fold = made_folds(_classes(targets, kept), n_folds, seed)
        source = f"made here: k-fold, shuffled, seed {seed}"
    fold.setflags(write=False)
    return fold, source


# rows ---------------------------------------------------------------------------------


def _read(row: Row) -> tuple[Crystal | None, list[str]]:
    """Return the crystal of a row, or the reason why it is none."""
    try:
        crystal = row.crystal()
        check_arrays(crystal)
        _check_elements(crystal.numbers)
        check_distances(crystal)
    except StructureError as error:
        return None, [str(error)]
    return crystal, []


def _check_elements(numbers: np.ndarray) -> None:
    outside = np.flatnonzero((numbers < 1) | (numbers > _HEAVIEST))
    if len(outside):
        site = int(outside[0])
        raise StructureError(
            f"site {site} holds an element outside the table (Z={numbers[site]}); "
            f"expected 1 to {_HEAVIEST}"
        )


def _bad_rows(
    table: Table, skipped: Sequence[Skipped], count: int, is_all: bool
) -> str:
    rows = [f"{bad.id} ({bad.where}): {bad.reason}" for bad in skipped]
    remedy = (
        "no row is left"
        if is_all
        else "mend them, or skip them with --on-bad-structure skip; the report lists "
        "what was skipped"
    )
    return (
        f"{table.name}: {len(skipped)} of {count} rows cannot be used; {remedy}:\n"
        f"{_listed(rows)}"
    )


def _listed(lines: Sequence[str]) -> str:
    shown = [f"  {line}" for line in lines[:_LISTED]]
    if len(lines) > _LISTED:
        shown.append(f"  ... and {len(lines) - _LISTED} more")
    return "\n".join(shown)
