"""Which columns can be predicted, and which column holds their test folds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ngn_core.api as ngn


def numeric_targets(rows: Sequence[ngn.Row]) -> dict[str, ngn.Target]:
    """Return a target for every column of numbers, the columns of folds excepted.

    Args:
        rows: a column is numeric where every row that has a value has a number.
    """
    numeric: dict[str, bool] = {}
    for row in rows:
        for column, value in row.columns.items():
            if value is not None:
                is_number = isinstance(value, (bool, int, float))
                numeric[column] = numeric.get(column, True) and is_number
    return {
        column: ngn.Target(folds=fold_of(column, numeric))
        for column, is_numeric in numeric.items()
        if is_numeric and not is_fold(column)
    }


def folds_by_column(rows: Sequence[ngn.Row]) -> dict[str, str]:
    """Return the column with the folds of each column, numeric or not, that has one."""
    columns = list(dict.fromkeys(column for row in rows for column in row.columns))
    found = {name: fold_of(name, columns) for name in columns if not is_fold(name)}
    return {name: fold for name, fold in found.items() if fold is not None}


def is_fold(column: str) -> bool:
    """Return whether a column holds folds: `fold`, or `fold_<target>`."""
    return column == "fold" or column.startswith("fold_")


def fold_of(target: str, columns: Iterable[str]) -> str | None:
    """Return the column with the folds of `target`, None where there is none.

    That is `fold_<target>`, else the longest `fold_<x>` where the target is called
    `<x>_...` (`gap_pbe` has `fold_gap`), else `fold`.
    """
    folds = [column for column in columns if is_fold(column)]
    own = [
        column
        for column in folds
        if f"{target}_".startswith(column.removeprefix("fold_") + "_")
    ]
    if own:
        return max(own, key=len)
    return "fold" if "fold" in folds else None
