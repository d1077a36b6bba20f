"""A crystal written another way has the same distances between its atoms."""

from __future__ import annotations

import numpy as np
import pytest

from ngn_core.checks.equivalent_cells import (
    EQUIVALENT_CELLS,
    mirrored,
    rotated,
    with_more_vacuum,
)
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.reading import from_arrays


def crystal():
    return from_arrays(
        [[4.1, 0.2, 0.1], [0.7, 5.2, -0.4], [-0.3, 0.9, 4.6]],
        ["Ti", "O", "O", "Ca"],
        [[0.02, 0.11, 0.2], [0.47, 0.52, 0.43], [0.81, 0.13, 0.76], [0.4, 0, 0.9]],
    )


def shells(crystal):
    """Sorted (species, species, length) of all pairs within 5 Å, an atom."""
    sender, receiver, _, length = neighbors_within(crystal, 5.0)
    numbers = crystal.numbers
    rows = np.stack([numbers[sender], numbers[receiver], np.round(length, 9)], axis=1)
    rows, counts = np.unique(rows, axis=0, return_counts=True)
    return rows, counts / len(numbers)


@pytest.mark.parametrize("name", EQUIVALENT_CELLS)
def test_a_writing_keeps_all_distances(name):
    before = crystal()
    after = EQUIVALENT_CELLS[name](before, np.random.default_rng(3))
    for one, two in zip(shells(after), shells(before), strict=True):
        np.testing.assert_allclose(one, two, atol=2e-9)
    same = after.lattice.shape == before.lattice.shape
    same = same and np.allclose(after.lattice, before.lattice)
    same = same and after.frac.shape == before.frac.shape
    assert not (same and np.allclose(after.frac, before.frac))


def test_a_mirror_changes_the_hand_and_a_rotation_does_not():
    before = np.linalg.det(crystal().lattice)
    random = np.random.default_rng(3)
    assert np.linalg.det(rotated(crystal(), random).lattice) == pytest.approx(before)
    assert np.linalg.det(mirrored(crystal(), random).lattice) == pytest.approx(-before)


def test_more_vacuum_widens_the_gap_of_a_slab_and_nothing_else():
    assert with_more_vacuum(crystal()) is None
    slab = from_arrays(
        [[3, 0, 0], [0, 3, 0], [1, 2, 20]],
        ["C", "C", "N"],
        [[0, 0, 0.9], [0.5, 0.5, 0.98], [0, 0, 0.05]],
    )
    wider = with_more_vacuum(slab)
    assert wider.volume == pytest.approx(9 * 25)
    for one, two in zip(shells(wider), shells(slab), strict=True):
        np.testing.assert_allclose(one, two, atol=2e-9)
