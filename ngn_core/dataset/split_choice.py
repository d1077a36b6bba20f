"""How the user wants a dataset to be split, and the groups that this means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.grouping import DEFAULT, NAMES, Grouping, group_by
from ngn_core.errors import DatasetError
from ngn_core.plugin.suggest import did_you_mean

DEFAULT_SPLIT, DEFAULT_FOLDS = "group", 5
ENDING = ".json"
"""Of files of folds."""


@dataclass(frozen=True)
class SplitChoice:
    """How the user wants a dataset to be split.

    Attributes:
        split: `NAME`, `NAME:K` or `FILE.json`; None: official folds where there are
            any, else groups.
        folds: how many.
        by: what the crystals of a group share, see `group_by`.
        holdout: share of the crystals that no trial sees.
    """

    split: str | None = None
    folds: int | None = None
    by: str | None = None
    holdout: float | None = None

    @property
    def file(self) -> Path | None:
        """Return the file of folds, None where a split is named."""
        is_file = self.split is not None and self.split.endswith(ENDING)
        return Path(self.split).expanduser() if is_file and self.split else None


def grouping_of(
    table: DatasetTable, crystals: CrystalSet, choice: SplitChoice
) -> Grouping:
    """Return the groups that the user, else the dataset, else nobody asked for.

    What the user names is a grouping before it is a column; what a dataset declares is
    a column before it is a grouping.

    Raises:
        DatasetError: where there is no such grouping, or crystals have no group.
    """
    by = choice.by or table.group or DEFAULT
    rows = {row.id: row.columns for row in table.rows}
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    is_declared = choice.by is None and table.group is not None
    if by in columns and (is_declared or by not in NAMES):
        values = [rows[name].get(by) for name in crystals.ids]
        return group_by(by, crystals.ids, crystals.crystals, values)
    if by in NAMES:
        return group_by(by, crystals.ids, crystals.crystals)
    hint = did_you_mean(by, [*NAMES, *columns])
    raise DatasetError(
        f"{table.name}: --by {by}: expected {', '.join(NAMES)}, or a column: "
        f"{', '.join(columns) or 'there is none'}" + (f". {hint}" if hint else "")
    )
