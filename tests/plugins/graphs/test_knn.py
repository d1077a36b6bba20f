import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngn_core.crystal.reading import from_arrays
from ngn_plugins.graphs import KNN


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 4),
    st.integers(1, 20),
    st.sampled_from([0.0, 1e-2, 0.5]),
)
def test_each_atom_has_its_nearest_and_all_that_tie(
    random_crystal, straightforward, rows, seed, atoms, neighbors, tolerance
):
    crystal = random_crystal(seed, atoms)
    options = KNN.Options(neighbors=neighbors, tolerance=tolerance)
    found = rows(KNN(options).edges(crystal))
    assert len(found) == len(set(found))
    radius = 4.0
    while True:
        near = straightforward(crystal, radius)
        lengths = [sorted(d for _, r, _, d in near if r == i) for i in range(atoms)]
        if min(map(len, lengths)) > neighbors:
            last = [length[neighbors - 1] for length in lengths]
            if max(last) + tolerance < radius:
                break
        radius *= 1.3
    sure, most = (
        {(s, r, n) for s, r, n, d in near if d <= last[r] + tolerance + slack}
        for slack in (-1e-10, 1e-10)
    )
    if tolerance > 0:
        assert sure <= set(found) <= most
    else:  # one-atom cells tie in pairs, but for rounding
        assert set(found) <= most
        assert min(np.bincount([r for _, r, _ in found])) >= neighbors


@pytest.mark.parametrize(
    ("neighbors", "shell"), [(1, 12), (12, 12), (13, 18), (18, 18)]
)
def test_shells_are_whole(neighbors, shell):
    matrix = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]) * 1.8
    crystal = from_arrays(matrix, ["Cu"], [[0, 0, 0]])
    edges = KNN(KNN.Options(neighbors=neighbors)).edges(crystal)
    assert len(edges.sender) == shell


def test_a_flat_cell_has_its_neighbors_in_the_plane():
    crystal = from_arrays(np.diag([2.0, 2.0, 80.0]), ["C"], [[0, 0, 0]])
    edges = KNN(KNN.Options(neighbors=4)).edges(crystal)
    assert len(edges.sender) == 4
    assert not edges.cell_shift[:, 2].any()


def test_both_ways_adds_what_is_missing_and_nothing_else(random_crystal, rows):
    crystal = random_crystal(3, 4)
    there = set(rows(KNN(KNN.Options(neighbors=5)).edges(crystal)))
    back = {(r, s, tuple(-n for n in shift)) for s, r, shift in there}
    assert back - there
    both = rows(KNN(KNN.Options(neighbors=5, both_ways=True)).edges(crystal))
    assert len(both) == len(set(both))
    assert set(both) == there | back
    assert both == sorted(both, key=lambda row: row[1])


def test_both_ways_changes_nothing_where_all_are_mutual(rows):
    crystal = from_arrays(np.eye(3) * 3.0, ["Po"], [[0, 0, 0]])
    one, both = (
        rows(KNN(KNN.Options(neighbors=6, both_ways=way)).edges(crystal))
        for way in (False, True)
    )
    assert sorted(one) == sorted(both)
