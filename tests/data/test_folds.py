from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.data.folds import made_folds, sample

groups = st.lists(st.integers(0, 3), min_size=1, max_size=60).map(np.array)


@given(groups, st.integers(2, 7), st.integers(0, 3))
def test_folds_differ_by_one_at_most_in_size_and_in_every_group(groups, k, seed):
    fold = made_folds(groups, k, seed)
    assert set(fold) <= set(range(k))
    for part in (fold, *(fold[groups == group] for group in set(groups))):
        sizes = np.bincount(part, minlength=k)
        assert sizes.max() - sizes.min() <= 1


@given(groups, st.integers(1, 70), st.integers(0, 3))
def test_samples_are_ordered_without_repeats_and_of_the_right_size(groups, n, seed):
    chosen = sample(groups, n, seed)
    assert len(chosen) == min(n, len(groups))
    assert (np.diff(chosen) > 0).all()


@given(groups, st.integers(1, 70))
def test_samples_reach_every_group_where_the_limit_allows_it(groups, n):
    present = set(groups)
    if n >= len(present):
        assert set(groups[sample(groups, n, 0)]) == present


@given(groups, st.integers(4, 70))
def test_shares_are_kept_to_one_row(groups, n):
    chosen = groups[sample(groups, n, 0)]
    sizes = np.bincount(groups)
    exact = sizes * min(n, len(groups)) / len(groups)
    # a group that is raised to one row takes one from another
    assert (np.abs(np.bincount(chosen, minlength=len(sizes)) - exact) < 4).all()
