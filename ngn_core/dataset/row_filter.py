"""Which rows of a table are meant: the `where:` of a declaration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ngn_core.dataset.columns import columns_of, found_values
from ngn_core.dataset.dataset import DatasetTable, Row
from ngn_core.dataset.values import as_number, same
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.plain_yaml import Path_, show
from ngn_core.spec.resolve import Resolver

_LISTED = 8
_CONDITION = "a value, a list of values, {not: ...} or {min: ..., max: ...}"


def in_words(values: list[Any]) -> str:
    """Return some values of a column as messages list them."""
    listed = ", ".join(show(value) for value in values[:_LISTED])
    more = len(values) - _LISTED
    return f"{listed} and {more:,} more" if more > 0 else listed or "no value"


@dataclass(frozen=True)
class Condition:
    """What the value of a row's column is to be.

    Attributes:
        path: where it was written.
        column: of the table.
        written: as it was.
        kept: values, one of them; None: any.
        dropped: values, none of them; a row without a value has none of them.
        low: least number, None: any value.
        high: largest number.
    """

    path: Path_
    column: str
    written: Any
    kept: tuple[Any, ...] | None = None
    dropped: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def is_range(self) -> bool:
        """Return whether numbers are asked for."""
        return self.low is not None or self.high is not None

    def keeps(self, row: Row) -> bool:
        """Return whether a row is meant; one without a value lies in no range."""
        value = row.columns.get(self.column)
        if self.kept is not None and not any(same(value, one) for one in self.kept):
            return False
        if any(same(value, one) for one in self.dropped):
            return False
        if not self.is_range:
            return True
        number = as_number(value)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return number is not None and low <= number <= high

    def __str__(self) -> str:
        """Return the condition as it was written."""
        return f"{self.column}: {show(self.written)}"


def read_conditions(resolver: Resolver, values: Any) -> list[Condition]:
    """Return the conditions that have no problems; the others' are reported."""
    if not isinstance(values, Mapping):
        resolver.report(("where",), show(values), "a mapping of columns to values")
        return []
    read = [
        _condition(resolver, ("where", column), column, value)
        for column, value in values.items()
    ]
    return [condition for condition in read if condition is not None]


def _condition(
    resolver: Resolver, path: Path_, column: str, written: Any
) -> Condition | None:
    if not isinstance(written, Mapping):
        kept = _values(resolver, path, written)
        return None if kept is None else Condition(path, column, written, kept)
    before = len(resolver.problems)
    section = resolver.section(written, path, (), ("not", "min", "max")) or {}
    if not written:
        resolver.report(path, show(written), _CONDITION)
    dropped = ()
    if "not" in section:
        dropped = _values(resolver, (*path, "not"), section["not"]) or ()
    for key in ("min", "max"):
        limit = section.get(key)
        if key in section and (type(limit) not in (int, float) or limit != limit):
            resolver.report((*path, key), show(limit), "a number")
    if len(resolver.problems) > before:
        return None
    low, high = section.get("min"), section.get("max")
    return Condition(path, column, written, None, dropped, low, high)


def _values(resolver: Resolver, path: Path_, written: Any) -> tuple[Any, ...] | None:
    values = written if isinstance(written, list) else [written]
    if not values or not all(isinstance(one, (str, int, float)) for one in values):
        resolver.report(path, show(written), _CONDITION)
        return None
    return tuple(values)


def filtered(
    table: DatasetTable, conditions: list[Condition], resolver: Resolver
) -> list[Row]:
    """Return the rows that meet every condition.

    Reported are columns that are not there, values that no row has, ranges of what is
    no number, and that no row is left.
    """
    before = len(resolver.problems)
    for condition in conditions:
        _check(table, condition, resolver)
    if len(resolver.problems) > before:
        return list(table.rows)
    rows = [row for row in table.rows if all(one.keeps(row) for one in conditions)]
    if not rows and table.rows:
        found = f"no row of {len(table.rows):,} that meets {_and(conditions)}"
        resolver.report(("where",), found, "conditions that leave rows")
    return rows


def left_out(conditions: list[Condition], before: int, after: int) -> str:
    """Return the sentence on the rows that were left out."""
    return (
        f"{before - after:,} of {before:,} rows left out by where: {_and(conditions)}."
    )


def unsure_left_out(conditions: list[Condition], before: int, after: int) -> str:
    """Return the sentence on the rows that a dataset leaves out by itself."""
    return (
        f"{before - after:,} of {before:,} rows left out, for it is not sure that they "
        f"are the task's; kept are those with {_and(conditions)}. --all-rows takes all."
    )


def _and(conditions: list[Condition]) -> str:
    return " and ".join(map(str, conditions))


def _check(table: DatasetTable, condition: Condition, resolver: Resolver) -> None:
    columns = columns_of(table)
    if condition.column not in columns:
        resolver.report(
            condition.path,
            f"the column {condition.column!r}",
            f"a column of {table.name}: one of {', '.join(columns) or '(none)'}",
            did_you_mean(condition.column, columns),
        )
        return
    values = found_values(table, condition.column)
    for wanted in (*(condition.kept or ()), *condition.dropped):
        if not any(same(value, wanted) for value in values):
            texts = [value for value in values if isinstance(value, str)]
            resolver.report(
                condition.path,
                f"{show(wanted)}, which no row has",
                f"values of the column {condition.column!r}: {in_words(values)}",
                did_you_mean(wanted, texts) if isinstance(wanted, str) else None,
            )
    if condition.is_range:
        for row in table.rows:
            value = row.columns.get(condition.column)
            if value is not None and as_number(value) is None:
                found = f"{show(_plain(value))} in row {row.id} ({row.where})"
                resolver.report(condition.path, found, "numbers, for min and max")
                break


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
