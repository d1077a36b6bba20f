"""Folds that are known before any crystal is read: official ones, or a file's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.values import as_number, shown
from ngn_core.errors import DatasetError

OFFICIAL = "official"
NOT_OFFICIAL = "; not the official folds"
_LISTED = 20


@dataclass(frozen=True, eq=False)
class FixedFolds:
    """In which fold each row is tested on, and, where that is said, all its parts.

    Attributes:
        fold: by id, from 0; -1 for rows that are never tested on.
        n_folds: how many.
        source: where they are from, as reports say it.
        roles: by id, [n_folds] what the row is for in each fold; None: all rows that
            are not tested on are trained on.
    """

    fold: Mapping[str, int]
    n_folds: int
    source: str
    roles: Mapping[str, Sequence[int]] | None = None

    def of(self, ids: Sequence[str]) -> tuple[np.ndarray, np.ndarray | None]:
        """Return the fold, [B], and the roles, [n_folds, B], of some rows."""
        fold = np.array([self.fold[name] for name in ids], dtype=np.int64)
        fold.setflags(write=False)
        if self.roles is None:
            return fold, None
        roles = np.array([self.roles[name] for name in ids], dtype=np.int8)
        roles = np.ascontiguousarray(roles.reshape(len(ids), self.n_folds).T)
        roles.setflags(write=False)
        return fold, roles


def official_folds(table: DatasetTable, column: str) -> FixedFolds:
    """Return the folds in a column of a table.

    Raises:
        DatasetError: naming the rows without a fold; where folds are not counted from 0
            without gap.
    """
    found = [row.columns.get(column) for row in table.rows]
    bad = [
        f"  {row.id} ({row.where}): {shown(value)}"
        for row, value in zip(table.rows, found, strict=True)
        if not _is_fold(value)
    ]
    if bad:
        counted = "1 row has" if len(bad) == 1 else f"{len(bad)} rows have"
        listed = "\n".join(bad[:_LISTED])
        if len(bad) > _LISTED:
            listed += f"\n  ... and {len(bad) - _LISTED} more"
        raise DatasetError(
            f"{table.name}: {counted} no fold in the column {column!r}; "
            f"expected a whole number from 0:\n{listed}"
        )
    fold = [int(value) for value in found if value is not None]
    present = sorted(set(fold))
    if len(present) < 2 or present[-1] != len(present) - 1:
        raise DatasetError(
            f"{table.name}: the column {column!r} numbers its folds "
            f"{shown(present)}; expected at least two, 0, 1, ... without gap"
        )
    by_id = {row.id: number for row, number in zip(table.rows, fold, strict=True)}
    return FixedFolds(by_id, len(present), OFFICIAL)


def _is_fold(value: Any) -> bool:
    number = None if isinstance(value, (bool, np.bool_)) else as_number(value)
    return number is not None and number >= 0 and number.is_integer()
