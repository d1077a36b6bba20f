from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.dataset.folds import sample, set_aside

groups = st.lists(st.integers(0, 3), min_size=1, max_size=60).map(np.array)


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


# parts that keep groups


crystals = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 1)), min_size=2, max_size=60
).map(np.array)


@given(crystals, st.floats(0.05, 0.6), st.integers(0, 3))
def test_no_group_is_parted(rows, share, seed):
    groups, classes = rows.T
    count = min(max(round(share * len(rows)), 1), len(rows) - 1)
    chosen = set_aside(groups, classes, count, np.random.default_rng(seed))
    again = set_aside(groups, classes, count, np.random.default_rng(seed))
    assert chosen.tolist() == again.tolist()
    assert chosen.any()
    for group in set(groups):
        assert len(set(chosen[groups == group])) == 1


@given(crystals, st.floats(0.05, 0.6), st.integers(0, 3))
def test_no_other_group_would_bring_the_classes_nearer_to_their_shares(
    rows, share, seed
):
    groups, classes = rows.T
    count = min(max(round(share * len(rows)), 1), len(rows) - 1)
    chosen = set_aside(groups, classes, count, np.random.default_rng(seed))
    wanted = [(classes == label).sum() * count / len(rows) for label in (0, 1)]

    def off(part):
        found = [(part & (classes == label)).sum() for label in (0, 1)]
        return sum(abs(a - b) for a, b in zip(found, wanted, strict=True))

    if off(chosen) > sum(wanted):
        return  # all groups are too large: one is taken all the same
    for group in set(groups):
        assert off(chosen | (groups == group)) >= off(chosen) - 1e-9


@given(st.integers(2, 300), st.floats(0.01, 0.99), st.integers(0, 3))
def test_crystals_that_stand_alone_give_the_exact_number(size, share, seed):
    count = min(max(round(share * size), 1), size - 1)
    alone, one = np.arange(size), np.zeros(size)
    chosen = set_aside(alone, one, count, np.random.default_rng(seed))
    assert chosen.sum() == count


def test_where_every_group_is_too_large_the_smallest_is_taken():
    groups = np.repeat([0, 1, 2], [50, 40, 45])
    for seed in range(5):
        random = np.random.default_rng(seed)
        chosen = set_aside(groups, np.zeros(135), 5, random)
        assert set(groups[chosen]) == {1}
