from __future__ import annotations

import csv
import gzip
from collections import Counter

import numpy as np
import pytest
import sklearn.model_selection  # noqa: F401  # before hypothesis looks at the clock
from hypothesis import given
from hypothesis import strategies as st

import ngn_core.api as ngn
from ngn_plugins.splits.group import GroupSplit
from ngn_plugins.splits.kfold import KFoldSplit

MATBENCH_SEED = 18012019


def pool(classes, groups=None):
    classes = np.array(classes, dtype=np.int64)
    groups = np.arange(len(classes)) if groups is None else np.array(groups)
    ids = [f"c{i}" for i in range(len(classes))]
    return ngn.Pool(ids, classes.astype(float), classes, groups)


rows = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 12)), min_size=12, max_size=80
)


@given(rows, st.integers(2, 6), st.integers(0, 3))
def test_kfold_gives_folds_and_shares_of_classes_that_differ_by_one_at_most(
    rows, k, seed
):
    classes = np.array([label for label, _ in rows])
    fold = KFoldSplit().folds(pool(classes), k, seed)
    # scikit-learn refuses where no class has k members
    for part in (fold, *(fold[classes == label] for label in (0, 1))):
        sizes = np.bincount(part, minlength=k)
        assert sizes.max() - sizes.min() <= 1


@given(rows, st.integers(2, 6), st.integers(0, 3), st.booleans())
def test_group_parts_no_group_and_tests_every_crystal_once(rows, k, seed, binary):
    groups = [group for _, group in rows]
    if len(set(groups)) < k:
        return
    classes = [label if binary else 0 for label, _ in rows]
    fold = GroupSplit().folds(pool(classes, groups), k, seed)
    assert fold.shape == (len(rows),)
    assert set(fold) == set(range(k))
    for group in set(groups):
        assert len({f for f, g in zip(fold, groups, strict=True) if g == group}) == 1
    again = GroupSplit().folds(pool(classes, groups), k, seed)
    assert fold.tolist() == again.tolist()


@given(rows, st.integers(2, 6), st.integers(0, 3))
def test_group_folds_of_regression_differ_by_the_largest_group_at_most(rows, k, seed):
    groups = [group for _, group in rows]
    if len(set(groups)) < k:
        return
    fold = GroupSplit().folds(pool([0] * len(rows), groups), k, seed)
    sizes = np.bincount(fold, minlength=k)
    assert sizes.max() - sizes.min() <= max(Counter(groups).values())


@pytest.mark.parametrize("split", [KFoldSplit, GroupSplit])
def test_another_seed_gives_other_folds(split):
    crystals = pool([0] * 60, list(range(30)) * 2)
    first, other = (split().folds(crystals, 3, seed).tolist() for seed in (0, 1))
    assert first != other


def test_group_shares_out_classes():
    # 40 groups of three, every second one with two crystals of class 1
    groups = np.repeat(np.arange(40), 3)
    classes = np.where(groups % 2, [0, 1, 1] * 40, 0)
    for seed in range(3):
        fold = GroupSplit().folds(pool(classes, groups), 5, seed)
        assert np.bincount(fold[classes == 1]).tolist() == [8] * 5


def test_folds_are_the_same_on_every_machine():
    # written down once; no library or processor may change them
    groups = [i * i % 23 for i in range(40)]
    classes = [int(i % 7 < 2) for i in range(40)]
    found = [
        GroupSplit().folds(pool(classes, groups), 5, 0),
        KFoldSplit().folds(pool([0] * 40), 5, 0),
        KFoldSplit().folds(pool(classes), 5, 0),
    ]
    assert ["".join(map(str, fold)) for fold in found] == [
        "0411023413200231432011404110234132002314",
        "4314024324003220221404043031011333212141",
        "2404433144242403320030203112311321101024",
    ]


@pytest.mark.parametrize(
    ("task", "binary"),
    [
        ("jdft2d", False),
        ("phonons", False),
        ("expt_gap", False),
        ("expt_is_metal", True),
        ("glass", True),
    ],
)
def test_kfold_makes_the_official_folds_of_matbench(shared, task, binary):
    file = shared / "data" / "matbench_targets" / f"matbench_{task}.csv.gz"
    with gzip.open(file, "rt") as lines:
        found = list(csv.DictReader(lines))
    classes = [int(row["target"]) if binary else 0 for row in found]
    fold = KFoldSplit().folds(pool(classes), 5, MATBENCH_SEED)
    assert fold.tolist() == [int(row["fold"]) for row in found]
