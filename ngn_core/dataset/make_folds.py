"""Sharing crystals out into folds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ngn_core.dataset.crystal_set import CrystalSet, classes_of
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.fixed_folds import NOT_OFFICIAL, OFFICIAL, FixedFolds
from ngn_core.dataset.fold_file import read_fold_file
from ngn_core.dataset.split import Pool, Split
from ngn_core.dataset.split_check import (
    checked_folds,
    parted,
    uneven,
    with_both_classes,
)
from ngn_core.dataset.split_choice import (
    DEFAULT_FOLDS,
    DEFAULT_SPLIT,
    ENDING,
    SplitChoice,
    grouping_of,
)
from ngn_core.errors import DatasetError
from ngn_core.plugin.registry import Registry

_LISTED = 20
_SEED = "seed "
"""Before the number, at the end of the source of folds that were made."""


def given_folds(
    table: DatasetTable, target: str, choice: SplitChoice
) -> FixedFolds | None:
    """Return the folds of the file that the user names, None where there is none.

    Raises:
        DatasetError: where the file does not fit the table.
    """
    if choice.file is None:
        return None
    declared = table.target(target)
    given = read_fold_file(choice.file, table, declared.benchmark)
    if declared.folds is None or given.source == OFFICIAL:
        return given
    return replace(given, source=given.source + NOT_OFFICIAL)


def share_out(
    table: DatasetTable,
    crystals: CrystalSet,
    choice: SplitChoice,
    registry: Registry,
    seed: int = 0,
) -> CrystalSet:
    """Return the crystals with the folds that the user chose.

    Official folds win where nothing else is written out; without any, `group:5` by
    formula, or by the column that the dataset declares, makes them.

    Args:
        table: where the columns of the crystals are.
        crystals: with a target, and with official or given folds.
        choice: of the user.
        registry: for the split.
        seed: of the folds that are made.

    Raises:
        DatasetError: where split, grouping and crystals do not go together.
    """
    known = crystals.n_folds if crystals.fold_source else None
    if choice.file is not None or (choice.split is None and known is not None):
        assert known is not None
        return _kept(table, crystals, choice, known)
    name, n_folds = _named(choice)
    split = _component(name, registry)
    if choice.by is not None and not split.grouped and choice.holdout is None:
        raise DatasetError(
            f"--by {choice.by}: {name} keeps no groups together; write --split "
            f"{DEFAULT_SPLIT}:{n_folds} --by {choice.by}"
        )
    return _made(table, crystals, choice, split, n_folds, seed)


def are_made(source: str) -> bool:
    """Return whether folds of this source were made here: there may be others."""
    last = source.removesuffix(NOT_OFFICIAL).split(", ")[-1]
    return last.startswith(_SEED)


def _kept(
    table: DatasetTable, crystals: CrystalSet, choice: SplitChoice, known: int
) -> CrystalSet:
    """Return the crystals with official or given folds, as they are."""
    official = crystals.fold_source == OFFICIAL
    source = crystals.fold_source.removesuffix(NOT_OFFICIAL)
    whose = "official folds" if official else f"folds {source}"
    if choice.folds not in (None, known):
        raise DatasetError(
            f"{crystals.name}: {_counted(choice.folds)} were asked for, and there are "
            f"{known} {whose}; leave --folds out, or write --split "
            f"{DEFAULT_SPLIT}:{choice.folds}"
        )
    if choice.by is not None and choice.holdout is None:
        raise DatasetError(
            f"{crystals.name}: --by {choice.by} changes nothing, for there are {known} "
            f"{whose}; write --split {DEFAULT_SPLIT}:{known} --by {choice.by} to use "
            "other folds"
        )
    if choice.by is not None or table.group is not None:
        grouping = grouping_of(table, crystals, choice)
        assert crystals.fold is not None
        remarks = (*crystals.remarks, *parted(grouping, crystals.fold, whose))
        crystals = replace(crystals, groups=grouping.numbers, remarks=remarks)
    return with_both_classes(crystals)


def _made(
    table: DatasetTable,
    crystals: CrystalSet,
    choice: SplitChoice,
    split: type[Split],
    n_folds: int,
    seed: int,
) -> CrystalSet:
    """Return the crystals with folds made by a split."""
    assert crystals.target is not None
    if n_folds < 2:
        raise DatasetError(
            f"{crystals.name}: found {_counted(n_folds)}; expected 2 or more"
        )
    if n_folds > len(crystals):
        raise DatasetError(
            f"{crystals.name}: {n_folds} folds need as many crystals; found "
            f"{len(crystals)}"
        )
    grouping = None
    if split.grouped or choice.by is not None or table.group is not None:
        grouping = grouping_of(table, crystals, choice)
    numbers = np.arange(len(crystals)) if grouping is None else grouping.numbers
    if split.grouped and grouping is not None and len(grouping) < n_folds:
        listed = ", ".join(grouping.labels[:_LISTED])
        listed += ", ..." * (len(grouping) > _LISTED)
        counted = "one group" if len(grouping) == 1 else f"{len(grouping)} groups"
        raise DatasetError(
            f"{crystals.name}: {n_folds} folds need as many groups; found {counted} by "
            f"{grouping.by} ({listed}); take fewer folds, group --by something else, "
            f"or let equals stand in training and test: --split kfold:{n_folds}"
        )
    classes = classes_of(crystals.target.task, crystals.target.values)
    if n_folds > np.bincount(classes).max():
        raise DatasetError(
            f"{crystals.name}: {n_folds} folds need as many crystals of one class; "
            f"found {(classes == 0).sum()} with 0 and {(classes == 1).sum()} with 1"
        )
    pool = Pool(crystals.ids, crystals.target.values, classes, numbers)
    fold = checked_folds(split, split().folds(pool, n_folds, seed), pool, n_folds)
    how = [] if split.name == DEFAULT_SPLIT else [split.name]
    how += [f"grouped by {grouping.by}"] if split.grouped and grouping else []
    source = ", ".join([*how, f"{_SEED}{seed}"])
    if crystals.fold_source == OFFICIAL:
        source += NOT_OFFICIAL
    remarks = crystals.remarks
    if grouping is not None and split.grouped:
        remarks += uneven(grouping, fold, n_folds)
    elif grouping is not None:
        remarks += parted(grouping, fold, "folds")
    crystals = replace(
        crystals,
        fold=fold,
        n_folds=n_folds,
        fold_source=source,
        roles=None,
        groups=None if grouping is None else grouping.numbers,
        remarks=remarks,
    )
    return with_both_classes(crystals)


def _named(choice: SplitChoice) -> tuple[str, int]:
    """Return the split's name and the number of folds."""
    name, colon, number = (choice.split or DEFAULT_SPLIT).partition(":")
    if not colon:
        return name, DEFAULT_FOLDS if choice.folds is None else choice.folds
    if not number.isdecimal():
        raise DatasetError(
            f"--split {choice.split}: found {number!r} for the number of folds; "
            f"expected NAME:K, {DEFAULT_SPLIT}:{DEFAULT_FOLDS} say, or FILE{ENDING}"
        )
    if choice.folds not in (None, int(number)):
        raise DatasetError(
            f"--split {choice.split} and --folds {choice.folds} disagree; say one"
        )
    return name, int(number)


def _component(name: str, registry: Registry) -> type[Split]:
    entry = registry.get("split", name)
    if entry is None:
        right, suggestion = registry.expected("split", name)
        hint = "" if suggestion is None else f". {suggestion}"
        raise DatasetError(
            f"--split {name}: expected {right}; or a file of folds, FILE{ENDING}{hint}"
        )
    return entry.component


def _counted(count: int | None) -> str:
    return "1 fold" if count == 1 else f"{count} folds"
