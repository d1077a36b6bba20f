import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.neighbors import nearest_neighbors, neighbors_within


def straightforward(crystal, radius):
    """All neighbors, by measuring every pair of atoms in every cell in reach."""
    heights = 1 / np.linalg.norm(np.linalg.inv(crystal.lattice), axis=0)
    spread = np.ptp(crystal.frac, axis=0)
    reach = np.ceil(radius / heights + spread).astype(int) + 1
    found = set()
    for shift in itertools.product(*(range(-n, n + 1) for n in reach)):
        for r, s in itertools.product(range(len(crystal.frac)), repeat=2):
            apart = crystal.frac[s] + shift - crystal.frac[r]
            length = np.linalg.norm(apart @ crystal.lattice)
            if length <= radius and not (r == s and shift == (0, 0, 0)):
                found.add((s, r, *shift))
    return found


@st.composite
def crystals(draw):
    """Skewed, left-handed, long and flat cells; atoms outside of them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lattice = rng.normal(size=(3, 3))
    while abs(np.linalg.det(lattice)) < 0.15:
        lattice = rng.normal(size=(3, 3))
    lattice *= rng.uniform(1.5, 5.0, size=(3, 1))
    frac = rng.uniform(-2, 2, size=(draw(st.integers(1, 4)), 3))
    return Crystal(lattice, frac, (((6, 1.0),),) * len(frac))


@settings(max_examples=40, deadline=None)
@given(crystals(), st.floats(0.5, 4.0))
def test_the_neighbors_are_those_of_a_straightforward_search(crystal, radius):
    sender, receiver, shift, length = neighbors_within(crystal, radius)
    found = [
        (s, r, *n) for s, r, n in zip(sender, receiver, shift.tolist(), strict=True)
    ]
    assert len(found) == len(set(found))
    assert set(found) == straightforward(crystal, radius)
    vectors = (crystal.frac[sender] + shift - crystal.frac[receiver]) @ crystal.lattice
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), length, atol=1e-12)
    assert (np.diff(receiver) >= 0).all()


@pytest.mark.parametrize("radius", [2.82, 2.82 - 1e-12, 2.82 + 1e-12])
def test_a_shell_at_the_radius_is_whole(known, radius):
    # NaCl: six neighbors at a/2, whichever way rounding goes
    crystal = known["NaCl"]
    _, receiver, _, _ = neighbors_within(crystal, radius)
    assert np.bincount(receiver).tolist() == [6] * 8


def test_atoms_on_the_same_place_are_neighbors():
    crystal = Crystal(np.eye(3) * 4, np.zeros((2, 3)), (((1, 1.0),),) * 2)
    sender, receiver, _, length = neighbors_within(crystal, 0.1)
    assert (sender.tolist(), receiver.tolist()) == ([1, 0], [0, 1])
    assert not length.any()


@settings(max_examples=10, deadline=None)
@given(crystals(), st.floats(0.5, 4.0))
def test_atoms_around_points_are_those_around_an_atom_placed_there(crystal, radius):
    points = np.array([[0.3, -0.2, 2.1], [1.7, 0.4, 0.9]])
    sender, point, shift, length = neighbors_within(
        crystal, radius, points @ crystal.lattice
    )
    assert (np.diff(point) >= 0).all()
    found = {(s, p, *n) for s, p, n in zip(sender, point, shift.tolist(), strict=True)}
    atoms = len(crystal.frac)
    filled = Crystal(
        crystal.lattice,
        np.concatenate([crystal.frac, points]),
        crystal.species + crystal.species[:1] * 2,
    )
    wanted = {
        (s, r - atoms, *n)
        for s, r, *n in straightforward(filled, radius)
        if s < atoms <= r
    }
    assert found == wanted
    apart = crystal.frac[sender] + shift - points[point]
    np.testing.assert_allclose(np.linalg.norm(apart @ crystal.lattice, axis=1), length)


def test_an_atom_on_a_point_counts(known):
    place = known["NaCl"].frac[:1] @ known["NaCl"].lattice
    _, _, _, length = neighbors_within(known["NaCl"], 2.9, place)
    assert np.sort(length).round(9).tolist() == [0] + [2.82] * 6


@settings(max_examples=40, deadline=None)
@given(crystals(), st.integers(1, 9), st.sampled_from([1e-9, 0.01, 0.3]))
def test_the_nearest_are_those_up_to_the_last_shell(crystal, count, tolerance):
    sender, receiver, shift = nearest_neighbors(crystal, count, tolerance)
    apart = crystal.vectors(sender, receiver, shift)
    radius = np.linalg.norm(apart, axis=1).max() + 0.1
    around, lengths = straightforward(crystal, radius), {}
    for s, r, *n in around:
        vector = (crystal.frac[s] + n - crystal.frac[r]) @ crystal.lattice
        lengths[s, r, *n] = np.linalg.norm(vector)
    wanted = set()
    for atom in range(len(crystal.frac)):
        own = {edge: length for edge, length in lengths.items() if edge[1] == atom}
        limit = sorted(own.values())[count - 1] + tolerance
        wanted |= {edge for edge, length in own.items() if length <= limit + 1e-12}
    rows = np.column_stack([sender, receiver, shift]).tolist()
    assert len(rows) == len(set(map(tuple, rows)))
    assert set(map(tuple, rows)) == wanted
    assert receiver.tolist() == sorted(receiver.tolist())
