"""The targets of a declaration, checked against the table that they are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ngn_core.dataset.columns import columns_of, found_values
from ngn_core.dataset.dataset import DatasetTable, Target
from ngn_core.dataset.declaration import TargetOptions
from ngn_core.dataset.row_filter import in_words
from ngn_core.dataset.values import same
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.plain_yaml import Path_, show
from ngn_core.spec.resolve import Resolver

_ENDINGS = {
    "atom": ("/atom",),
    "cell": ("/cell", "/unit cell"),
    "formula_unit": ("/formula unit", "/f.u."),
}
"""How a unit says what it is per; the first is how it is printed."""

_NO_LOGARITHM = ("log10", "log1p")


def declared_targets(
    resolver: Resolver, values: Any, table: DatasetTable
) -> dict[str, Target]:
    """Return the targets that have no problems; the others' are reported."""
    if not isinstance(values, Mapping):
        resolver.report(("targets",), show(values), "a mapping of targets")
        return {}
    named = {}
    for name, written in values.items():
        path: Path_ = ("targets", name)
        written = {} if written is None else written
        options = resolver.model(TargetOptions, written, path)
        _check_columns(resolver, path, name, written, table)
        if options is not None:
            named[name] = _target(resolver, path, name, options, table)
    return named


def _check_columns(
    resolver: Resolver, path: Path_, name: str, written: Any, table: DatasetTable
) -> None:
    """Report columns of a target that are not there."""
    written = written if isinstance(written, Mapping) else {}
    if isinstance(written.get("column"), str):
        check_column(resolver, (*path, "column"), written["column"], table)
    else:
        check_column(resolver, path, name, table, " (or `column:` with one)")
    if isinstance(written.get("fold"), str):
        check_column(resolver, (*path, "fold"), written["fold"], table)


def _target(
    resolver: Resolver,
    path: Path_,
    name: str,
    options: TargetOptions,
    table: DatasetTable,
) -> Target:
    """Return a target: as the dataset has it, and what is written over it."""
    column = options.column or name
    written = {key: getattr(options, key) for key in options.model_fields_set}
    if "fold" in written:
        written["folds"] = written.pop("fold")
    before = table.targets.get(name) or table.target(column)
    if "positive" in written:  # another question than the column's own
        before = replace(before, task=None, benchmark=None)
    target = replace(before, **{**written, "column": column})
    target = replace(target, unit=_unit(resolver, path, target))
    if target.positive is not None:
        target = replace(target, task=_binary(resolver, path, target))
        _check_positive(resolver, (*path, "positive"), target, table)
    if target.task == "binary":
        changes = {"transform": target.transform, "reference": target.reference}
        for key, value in changes.items():
            if value != "none":
                expected = "none, for a binary target has no number to change"
                resolver.report((*path, key), value, expected)
    elif target.reference != "none" and target.transform in _NO_LOGARITHM:
        resolver.report(
            (*path, "transform"),
            f"{target.transform} beside reference: {target.reference}",
            "none or asinh: what the reference leaves lies around 0, below it too, and "
            "has no logarithm",
        )
    return target


def _check_positive(
    resolver: Resolver, path: Path_, target: Target, table: DatasetTable
) -> None:
    """Report a value that counts as 1 and that no row has."""
    column = str(target.column)
    values = found_values(table, column)
    if not values or any(same(value, target.positive) for value in values):
        return  # a column without values is reported when it is read
    texts = [value for value in values if isinstance(value, str)]
    resolver.report(
        path,
        f"{show(target.positive)}, which no row has",
        f"a value of the column {column!r}: {in_words(values)}",
        did_you_mean(target.positive, texts),
    )


def _binary(resolver: Resolver, path: Path_, target: Target) -> Any:
    if target.task == "regression":
        found = f"regression beside positive: {show(target.positive)}"
        resolver.report((*path, "task"), found, "binary, or no value under positive")
    return "binary"


def _unit(resolver: Resolver, path: Path_, target: Target) -> str:
    """Return the unit with what it is per; reported is one that says otherwise."""
    says = [
        per
        for per, endings in _ENDINGS.items()
        if target.unit.endswith(endings) and target.unit not in endings
    ]
    if target.per is None:
        return target.unit
    if says and says != [target.per]:
        found = f"per: {target.per} beside the unit {target.unit!r}"
        expected = f"per: {says[0]}, or another unit"
        resolver.report((*path, "per"), found, expected)
    is_plain = target.unit not in ("", "?") and "(" not in target.unit
    if says or target.per == "none" or not is_plain:
        return target.unit
    return target.unit + _ENDINGS[target.per][0]


def check_column(
    resolver: Resolver, path: Path_, name: Any, table: DatasetTable, beside: str = ""
) -> None:
    """Report a column that is not there."""
    columns = columns_of(table)
    if name in columns:
        return
    resolver.report(
        path,
        f"the column {name!r}" if isinstance(name, str) else show(name),
        f"a column of {table.name}{beside}: one of {', '.join(columns) or '(none)'}",
        did_you_mean(name, columns),
    )
