"""Columns of a table as targets and states, with what is wrong in each row."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np

from ngn_core.dataset.crystal_set import StateColumn, TargetColumn
from ngn_core.dataset.dataset import DatasetTable, Target
from ngn_core.dataset.values import as_number, same, shown
from ngn_core.errors import DatasetError

_ABOVE = {"log10": 0.0, "log1p": -1.0}
"""What values must be greater than, by the transform they are to have."""

_WHICH_LABEL = " (or declare under `positive` which value counts as 1)"


@dataclass(frozen=True)
class Targets:
    """The target of every row.

    Attributes:
        name: its column.
        declared: what the dataset says of it.
        task: as declared, else read off the values.
        values: [rows], nan where there is a problem.
        problems: what is wrong, by position of the row.
    """

    name: str
    declared: Target
    task: Literal["regression", "binary"]
    values: np.ndarray
    problems: Mapping[int, str]


@dataclass(frozen=True)
class States:
    """The state of every row: all numbers or all labels.

    Attributes:
        name: its column.
        values: None where there is a problem.
        problems: what is wrong, by position of the row.
    """

    name: str
    values: Sequence[float | str | None]
    problems: Mapping[int, str]


def columns_of(table: DatasetTable) -> list[str]:
    """Return the columns that any row has, in the order in which they appear."""
    return list(dict.fromkeys(column for row in table.rows for column in row.columns))


def _check_column(table: DatasetTable, name: str, use: str) -> None:
    columns = columns_of(table)
    if table.target(name).column in columns or name in columns:
        return
    if use == "target":
        folds = {declared.folds for declared in table.targets.values()}
        numeric = [column for column in numeric_columns(table) if column not in folds]
        right = list(dict.fromkeys([*table.targets, *numeric]))
    else:
        right = sorted(columns)
    by_lower = {column.lower(): column for column in reversed(right)}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    hint = f" Did you mean {by_lower[close[0]]!r}?" if close else ""
    kind = "columns of numbers" if use == "target" else "columns"
    raise DatasetError(
        f"{table.name}: no column {name!r} for the {use}; found the {kind} "
        f"{', '.join(right) or '(none)'}.{hint}"
    )


def numeric_columns(table: DatasetTable) -> list[str]:
    """Return the columns in which every row that has a value has a number."""
    numeric: dict[str, bool] = {}
    for row in table.rows:
        for column, value in row.columns.items():
            if value is not None:
                is_number = as_number(value) is not None
                numeric[column] = numeric.get(column, True) and is_number
    return [column for column, is_numeric in numeric.items() if is_numeric]


def found_values(table: DatasetTable, column: str) -> list[Any]:
    """Return the different values of a column, the most frequent first."""
    counts: dict[tuple[bool, Any], int] = {}
    for row in table.rows:
        value = row.columns.get(column)
        if isinstance(value, (str, Real, np.bool_)):
            plain = value.item() if isinstance(value, np.generic) else value
            key = (isinstance(plain, bool), plain)
            counts[key] = counts.get(key, 0) + 1
    return [value for _, value in sorted(counts, key=counts.__getitem__, reverse=True)]


def read_targets(table: DatasetTable, name: str) -> Targets:
    """Return the target of every row.

    Raises:
        DatasetError: where there is no such column, or no value in it fits.
    """
    _check_column(table, name, "target")
    declared = table.target(name)
    if declared.transform in _ABOVE and declared.reference != "none":
        raise DatasetError(
            f"{table.name}: target {name} has the transform {declared.transform} and "
            f"the reference {declared.reference}; expected none or asinh, for what a "
            "reference leaves lies below 0 too"
        )
    values = np.full(len(table.rows), np.nan)
    problems = {}
    for index, row in enumerate(table.rows):
        value = row.columns.get(declared.column or name)
        found = _target(value, declared)
        if isinstance(found, float):
            values[index] = found
        else:
            problems[index] = f"target {name} is {shown(value)}; expected {found}"
    if len(problems) == len(table.rows):
        labels = found_values(table, declared.column or name)
        hint = "" if declared.task or len(labels) != 2 else _WHICH_LABEL
        raise DatasetError(
            f"{table.name}: the column {name!r} cannot be the target: no row has a "
            f"value that fits; the first, {table.rows[0].id}: {problems[0]}{hint}"
        )
    found = values[np.isfinite(values)]
    is_binary = np.isin(found, (0.0, 1.0)).all() and not _is_changed(declared)
    inferred: Literal["regression", "binary"] = "binary" if is_binary else "regression"
    return Targets(name, declared, declared.task or inferred, values, problems)


def _is_changed(declared: Target) -> bool:
    """Return whether something else is trained on than the values."""
    return declared.transform != "none" or declared.reference != "none"


def _target(value: Any, declared: Target) -> float | str:
    """Return a value as number, or in words what would have been right."""
    number = as_number(value)
    is_number = number is not None and math.isfinite(number)
    if declared.positive is not None:
        if is_number or (isinstance(value, str) and value):
            return float(same(value, declared.positive))
        return f"a value, {shown(declared.positive)} to count as 1"
    if declared.task == "binary":
        if number in (0.0, 1.0):
            return float(number or 0.0)
        return f"0 or 1{_WHICH_LABEL}"
    if number is None or not math.isfinite(number):
        return "a number"
    least = _ABOVE.get(declared.transform)
    if least is not None and number <= least:
        return f"more than {least:g}, for its {declared.transform} is trained on"
    return number


def target_column(targets: Targets, kept: list[int]) -> TargetColumn:
    """Return the target of the rows at the positions `kept`."""
    values = targets.values[kept]
    values.setflags(write=False)
    return TargetColumn(
        targets.name, targets.declared.unit, targets.task, values, targets.declared
    )


def read_states(table: DatasetTable, name: str) -> States:
    """Return the state of every row.

    Raises:
        DatasetError: where there is no such column, it mixes numbers and labels, or
            has neither.
    """
    _check_column(table, name, "state")
    values: list[float | str | None] = []
    problems = {}
    examples: dict[str, str] = {}
    for index, row in enumerate(table.rows):
        value = row.columns.get(name)
        state = _state(value)
        if state is None:
            problems[index] = (
                f"state {name} is {shown(value)}; expected a number or a label"
            )
        else:
            kind = "label" if isinstance(state, str) else "number"
            examples.setdefault(kind, f"{shown(value)} in row {row.id}")
        values.append(state)
    if not examples:
        raise DatasetError(
            f"{table.name}: the column {name!r} cannot be the state: no row has a "
            f"number or a label; the first, {table.rows[0].id}: {problems[0]}"
        )
    if len(examples) > 1:
        raise DatasetError(
            f"{table.name}: the column {name!r} for the state mixes numbers "
            f"({examples['number']}) and labels ({examples['label']}); expected one "
            "or the other"
        )
    return States(name, values, problems)


def _state(value: Any) -> float | str | None:
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, str):
        return value or None
    number = as_number(value)
    return number if number is not None and math.isfinite(number) else None


def state_column(states: States, kept: list[int]) -> StateColumn:
    """Return the state of the rows at the positions `kept`."""
    values = [states.values[index] for index in kept]
    labels = [value for value in values if isinstance(value, str)]
    if not labels:
        numbers = np.array(values, dtype=np.float64)
        numbers.setflags(write=False)
        return StateColumn(states.name, numbers=numbers)
    vocabulary = tuple(sorted(set(labels)))
    place = {label: code for code, label in enumerate(vocabulary)}
    codes = np.array([place[label] for label in labels], dtype=np.int64)
    codes.setflags(write=False)
    return StateColumn(states.name, labels=vocabulary, codes=codes)
