"""The crystals of one target, selected and split the same way whatever the limit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ngn_core.dataset.crystal_set import CrystalSet, HeldOut
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.fixed_folds import FixedFolds
from ngn_core.dataset.holdout_split import split_holdout
from ngn_core.dataset.make_folds import given_folds, share_out
from ngn_core.dataset.rows import NO_COLUMNS, OnDisorder, ReadColumns
from ngn_core.dataset.select import select
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.plugin.registry import Registry


@dataclass(frozen=True)
class Selection:
    """What is selected from, and how.

    Attributes:
        table: without the rows that are held out.
        target: what is predicted.
        split: how the user wants it split.
        registry: for the split.
        state: column of the global state.
        on_bad_structure: what becomes of bad rows.
        on_disorder: what becomes of disordered ones.
        given: folds of a file.
        held_out: what was set aside.
        read: columns that networks read.
    """

    table: DatasetTable
    target: str
    split: SplitChoice
    registry: Registry
    state: str | None
    on_bad_structure: Literal["error", "skip"]
    on_disorder: OnDisorder
    given: FixedFolds | None = None
    held_out: HeldOut | None = None
    read: ReadColumns = NO_COLUMNS

    def sample(self, limit: int | None) -> CrystalSet:
        """Return crystals for measuring, which need no folds."""
        return select(
            self.table,
            self.target,
            self.state,
            self.given,
            limit,
            self.on_bad_structure,
            on_disorder=self.on_disorder,
            read=self.read,
        )

    def crystals(self, limit: int | None) -> CrystalSet:
        """Return the crystals with their folds, a sample of them under a limit."""
        found = self.sample(limit)
        found = share_out(self.table, found, self.split, self.registry)
        return replace(found, held_out=self.held_out)


def select_target(
    table: DatasetTable,
    target: str,
    split: SplitChoice,
    registry: Registry,
    state: str | None = None,
    on_bad_structure: Literal["error", "skip"] = "error",
    on_disorder: OnDisorder = "error",
    read: ReadColumns = NO_COLUMNS,
) -> Selection:
    """Return how the crystals of a target are selected; what is held out is gone.

    Raises:
        DatasetError: where folds in a file or a hold-out do not fit the dataset.
    """
    selection = Selection(
        table,
        target,
        split,
        registry,
        state,
        on_bad_structure,
        on_disorder,
        given_folds(table, target, split),
        read=read,
    )
    if split.holdout is None:
        return selection
    held_out = split_holdout(table, selection.sample(None), split)
    rows = [row for row in table.rows if row.id not in set(held_out.ids)]
    return replace(selection, table=replace(table, rows=rows), held_out=held_out)
