"""Which targets of a table are those of MatBench's tasks, known by ids and folds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ngn_core.dataset.columns import columns_of
from ngn_core.dataset.dataset import Benchmark, DatasetTable, Target
from ngn_core.dataset.matbench import TASKS, MatBenchTask, stratified_folds, task_of
from ngn_core.dataset.values import as_number, shown
from ngn_core.errors import DatasetError

_LISTED = 5

_CLEAN: Mapping[str, tuple[str, Any]] = {
    "tier": ("A", "A"),
    "match": ("ambiguous", {"not": "ambiguous"}),
}
"""Columns of partial copies: a value that must be there, and which rows are sure."""


@dataclass(frozen=True)
class _Named:
    """A task whose ids the rows of a table have.

    Attributes:
        task: of MatBench.
        ids: of the rows.
        column: that holds them; None: they are the ids of the rows.
    """

    task: MatBenchTask
    ids: Sequence[str]
    column: str | None


def recognize_matbench(table: DatasetTable) -> DatasetTable:
    """Return a table whose MatBench targets are declared as the tasks have them.

    A target is a task's where the rows, or one of their columns, have the task's ids,
    and a column is called as its target. Its folds are then the official ones; without
    a column of folds they are filled in. What is not sure of a part of a task becomes
    `clean`. A single such target becomes the default.

    Raises:
        DatasetError: where ids are not the task's, or folds are not the official ones,
            with task, fold and ids; where a table is called as a task and has none of
            its ids.
    """
    columns = columns_of(table)
    named = _named(table, columns)
    found: dict[str, Target] = {}
    notes: list[str] = []
    unsure: dict[str, Any] = {}
    for one in named:
        called = [name for name in columns if _plain(name) == one.task.target]
        for target in called:
            table, folds, note = _with_folds(table, target, one)
            if folds is None:
                continue
            found[target] = _declared(table.targets.get(target), one, folds)
            twice = _shared(one)
            if one.column is not None and twice:
                notes.append(_told_shared(one.task, twice))
                unsure[one.column] = {"not": twice}
            notes += note
    if not found:
        return table
    is_part = any(
        target.benchmark is not None and len(table.rows) < target.benchmark.rows
        for target in found.values()
    )
    return replace(
        table,
        targets={**found, **{k: v for k, v in table.targets.items() if k not in found}},
        default=table.default or (next(iter(found)) if len(found) == 1 else None),
        clean={**_clean(table, columns), **unsure, **table.clean}
        if is_part
        else table.clean,
        note=" ".join([*([table.note] if table.note else []), *notes]) or None,
    )


def _named(table: DatasetTable, columns: Sequence[str]) -> list[_Named]:
    """Return the tasks whose ids are here, by the rows' ids or by a column."""
    found = []
    for column in (None, *columns):
        if column is None:
            ids: list[Any] = [row.id for row in table.rows]
        else:
            ids = [row.columns.get(column) for row in table.rows]
            if not all(isinstance(name, str) for name in ids):
                continue
        task = task_of(ids)
        if task is not None:
            _check_ids(table, task, ids)
            found.append(_Named(task, ids, column))
    own = TASKS.get(table.name)
    if own is not None and table.rows and own not in [one.task for one in found]:
        first = ", ".join(shown(row.id) for row in table.rows[:_LISTED])
        raise DatasetError(
            f"{table.name}: is called as the MatBench task, and its rows have other "
            f"ids: {first}{', ...' * (len(table.rows) > _LISTED)}; expected "
            f"{own.id(1)} to {own.id(own.rows)}, as `id` or in a column of their own. "
            "Another dataset needs another name"
        )
    return found


def _check_ids(table: DatasetTable, task: MatBenchTask, ids: Sequence[str]) -> None:
    wrong = [name for name in ids if name not in task.number]
    if wrong:
        raise DatasetError(
            f"{table.name}: {len(wrong):,} of {len(ids):,} rows have ids that the "
            f"MatBench task {task.name} has not: {_listed(wrong)}; expected "
            f"{task.id(1)} to {task.id(task.rows)}"
        )


def _with_folds(
    table: DatasetTable, target: str, named: _Named
) -> tuple[DatasetTable, str | None, list[str]]:
    """Return the table with official folds of a target, their column, and a sentence.

    Raises:
        DatasetError: where folds of the table are not the official ones.
    """
    official = _official(table, target, named)
    column = table.target(target).folds
    if column is not None:
        if official is None:
            return table, column, [_unchecked(named.task)]
        _check_folds(table, column, named, official)
        return table, column, []
    if official is None:
        return table, None, []
    column = f"fold_{target}"
    rows = [
        replace(row, columns={**row.columns, column: fold})
        for row, fold in zip(table.rows, official, strict=True)
    ]
    return replace(table, rows=rows), column, []


def _official(table: DatasetTable, target: str, named: _Named) -> list[int] | None:
    """Return the official folds of the rows, None where they cannot be known."""
    task = named.task
    if task.task == "regression":
        return [int(task.official_fold(name) or 0) for name in named.ids]
    places = [task.number[name] - 1 for name in named.ids]
    values = [as_number(row.columns.get(target)) for row in table.rows]
    if len(values) < task.rows or not set(values) <= {0.0, 1.0}:
        return None
    classes = np.empty(task.rows, dtype=np.int64)
    classes[places] = [int(value or 0) for value in values]
    folds: list[int] = stratified_folds(classes)[places].tolist()
    return folds


def _check_folds(
    table: DatasetTable, column: str, named: _Named, official: Sequence[int]
) -> None:
    wrong: dict[str, list[str]] = {}
    for row, name, right in zip(table.rows, named.ids, official, strict=True):
        fold = row.columns.get(column)
        if isinstance(fold, bool) or as_number(fold) != right:
            wrong.setdefault(shown(fold), []).append(f"{name} (officially {right})")
    if wrong:
        count = sum(map(len, wrong.values()))
        lines = [f"  fold {fold}: {_listed(wrong[fold])}" for fold in sorted(wrong)]
        raise DatasetError(
            f"{table.name}: in the column {column!r}, {count:,} of {len(table.rows):,} "
            f"rows lie in another fold than MatBench's for {named.task.name}:\n"
            + "\n".join(lines)
            + "\nGive the official folds, leave the column out, or call it otherwise "
            "and name your own folds with --split FILE.json"
        )


def _declared(before: Target | None, named: _Named, folds: str) -> Target:
    """Return what a dataset says of a target, completed by what the task says."""
    task, before = named.task, before or Target()
    return replace(
        before,
        unit=task.unit,
        per=before.per or task.per,
        task=task.task,
        folds=folds,
        benchmark=Benchmark(task.name, task.rows, folds, named.column),
    )


def _clean(table: DatasetTable, columns: Sequence[str]) -> dict[str, Any]:
    """Return the conditions that rows meet which are surely those of the task."""
    return {
        column: condition
        for column, (value, condition) in _CLEAN.items()
        if column in columns
        and any(row.columns.get(column) == value for row in table.rows)
    }


def _unchecked(task: MatBenchTask) -> str:
    return (
        f"The folds of {task.name} are taken as they are: only from all its rows can "
        "be told whether they are the official ones."
    )


def _shared(named: _Named) -> list[str]:
    """Return the ids that several rows have."""
    return [name for name, count in Counter(named.ids).items() if count > 1]


def _told_shared(task: MatBenchTask, twice: Sequence[str]) -> str:
    return (
        f"Several rows are said to be one row of {task.name}, and no more than one of "
        f"them is: {_listed(twice)}."
    )


def _plain(column: str) -> str:
    """Return a column's name as MatBench's targets are called here."""
    return re.sub(r"\W+", "_", column).strip("_")


def _listed(names: Sequence[str]) -> str:
    more = f", ... ({len(names) - _LISTED:,} more)" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
