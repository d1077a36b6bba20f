"""Whether folds are what they should be: whole, and with both classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.grouping import Grouping
from ngn_core.dataset.split import Pool, Split
from ngn_core.errors import DatasetError, PluginError


def checked_folds(
    split: type[Split], fold: np.ndarray, pool: Pool, n_folds: int
) -> np.ndarray:
    """Return what a split gave, where it is what the interface promises."""
    fold = np.asarray(fold)
    problem = None
    if fold.shape != (len(pool.ids),) or fold.dtype.kind not in "iu":
        problem = (
            f"an array of {fold.dtype} with the shape {fold.shape}; expected "
            f"{len(pool.ids)} whole numbers"
        )
    elif sorted(set(fold.tolist())) != list(range(n_folds)):
        problem = (
            f"the folds {sorted(set(fold.tolist()))}; expected 0 to {n_folds - 1}, "
            "none of them empty"
        )
    elif split.grouped:
        pairs = {(int(g), int(f)) for g, f in zip(pool.groups, fold, strict=True)}
        if len(pairs) > len(set(pool.groups.tolist())):
            problem = "crystals of one group in several folds"
    if problem is not None:
        raise PluginError(f"the split {split.name} returned {problem}")
    fold = fold.astype(np.int64)
    fold.setflags(write=False)
    return fold


def uneven(grouping: Grouping, fold: np.ndarray, n_folds: int) -> tuple[str, ...]:
    """Return a sentence where a group is larger than a fold should be."""
    sizes, parts = np.bincount(grouping.numbers), np.bincount(fold, minlength=n_folds)
    largest = int(sizes.argmax())
    if sizes[largest] * n_folds <= len(fold):
        return ()
    return (
        f"The group {grouping.labels[largest]} (by {grouping.by}) has "
        f"{sizes[largest]} of {len(fold)} crystals, more than one of {n_folds} folds: "
        f"test parts have {parts.min()} to {parts.max()} crystals.",
    )


def parted(grouping: Grouping, fold: np.ndarray, whose: str) -> tuple[str, ...]:
    """Return a sentence where folds that were given part groups."""
    pairs = np.unique(np.stack([grouping.numbers, fold]), axis=1)
    count = int((np.bincount(pairs[0]) > 1).sum())
    if not count:
        return ()
    return (
        f"The {whose} part {count} of {len(grouping)} groups by {grouping.by}: "
        "crystals of one group are trained and tested on.",
    )


def with_both_classes(crystals: CrystalSet) -> CrystalSet:
    """Check that every fold trains on both classes; remark where it tests on one.

    Raises:
        DatasetError: naming the folds whose training part has one class.
    """
    assert crystals.target is not None
    assert crystals.fold is not None
    if crystals.target.task != "binary":
        return crystals
    values = crystals.target.values
    lacking = []
    for fold in range(crystals.n_folds):
        train, _, test = crystals.parts(fold)
        for label in (0.0, 1.0):
            if not (values[train] == label).any():
                found = int((values == label).sum())
                raise DatasetError(
                    f"{crystals.name}: the training part of fold {fold} has no crystal "
                    f"with {crystals.target.name} {label:g}, of which there are "
                    f"{found}; a network cannot learn one class alone: take other "
                    "folds, fewer of them, or more crystals"
                )
            if not (values[test] == label).any():
                lacking.append(f"{fold} (no {label:g})")
    if not lacking:
        return crystals
    remark = (
        f"Tested on one class alone in fold {', '.join(lacking)}: scores that need "
        "both are not defined there."
    )
    return replace(crystals, remarks=(*crystals.remarks, remark))
