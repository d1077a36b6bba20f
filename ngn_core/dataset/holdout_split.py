"""Setting whole groups of crystals aside, before anything else is done with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ngn_core.dataset.crystal_set import (
    CrystalSet,
    HeldOut,
    classes_of,
    take,
    with_columns,
)
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.folds import HOLDOUT, set_aside
from ngn_core.dataset.split_choice import SplitChoice, grouping_of
from ngn_core.errors import DatasetError


def split_holdout(
    table: DatasetTable, crystals: CrystalSet, choice: SplitChoice, seed: int = 0
) -> HeldOut:
    """Return the groups that are set aside before anything else is done.

    They depend on the whole dataset, the grouping, the share and the seed; not on the
    folds, nor on a limit.

    Args:
        table: where the columns of the crystals are.
        crystals: of the whole table, with a target.
        choice: share and grouping.
        seed: of the choice.

    Raises:
        DatasetError: where the share is none, or groups are too large for it.
    """
    share = choice.holdout
    assert share is not None
    assert crystals.target is not None
    if not 0 < share < 1:
        raise DatasetError(f"--holdout {share:g}: expected a share between 0 and 1")
    grouping = grouping_of(table, crystals, choice)
    count = min(max(round(share * len(crystals)), 1), len(crystals) - 1)
    classes = classes_of(crystals.target.task, crystals.target.values)
    random = np.random.default_rng([seed, HOLDOUT])
    chosen = set_aside(grouping.numbers, classes, count, random)
    groups = len(np.unique(grouping.numbers[chosen]))
    if abs(int(chosen.sum()) - count) > count / 2:
        sizes = np.bincount(grouping.numbers)
        largest = int(sizes.argmax())
        raise DatasetError(
            f"{crystals.name}: --holdout {share:g} asks for {count} of "
            f"{len(crystals)} crystals, and whole groups by {grouping.by} give "
            f"{int(chosen.sum())}; there are {len(grouping)} groups, the largest, "
            f"{grouping.labels[largest]}, with {sizes[largest]} crystals; hold out "
            "another share, or group --by something finer"
        )
    part = take(crystals, np.flatnonzero(chosen).tolist())
    return HeldOut(part.ids, bare_digest(part), grouping.by, groups)


def bare_digest(crystals: CrystalSet) -> str:
    """Return the digest of crystals and targets without folds and read columns."""
    bare = with_columns(crystals, frozenset(), frozenset())
    return replace(bare, fold=None, roles=None).digest
