"""Own images belong to the lattice, not to the cell that it is written in."""

import numpy as np
import pytest

from ngn_core.crystal.reading import from_arrays
from ngn_plugins.graphs import OwnImages
from ngn_plugins.graphs.own_images import voronoi_vectors

CELLS = {
    "cubic": (np.eye(3) * 4.0, 26),
    "fcc": (np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]) * 2.0, 18),
    "bcc": (np.array([[-1, 1, 1], [1, -1, 1], [1, 1, -1]]) * 2.0, 14),
    "hexagonal": (np.array([[1, 0, 0], [-0.5, 0.75**0.5, 0], [0, 0, 1.6]]) * 3.0, 20),
    "triclinic": (np.array([[3.1, 0.2, 0], [0.7, 4.0, 0.3], [1.1, 0.9, 5.2]]), 14),
    "slab": (np.array([[2.5, 0, 0], [0.9, 2.7, 0], [0.4, 0.3, 30.0]]), 14),
}
OTHER_BASES = [
    [[1, 3, 0], [0, 1, 0], [2, 6, 1]],
    [[0, 1, 0], [0, 0, -1], [-1, 2, 5]],
]


def vectors(matrix):
    crystal = from_arrays(matrix, ["C"], [[0.3, 0.7, -1.2]])
    found = voronoi_vectors(crystal, 1e-2) @ matrix
    return found[np.lexsort(np.round(found, 6).T)]


@pytest.mark.parametrize("name", CELLS)
def test_the_vectors_are_those_of_the_lattice_in_every_basis(name):
    matrix, count = CELLS[name]
    wanted = vectors(matrix)
    assert len(wanted) == count
    np.testing.assert_allclose(wanted, -wanted[::-1], atol=1e-9)
    for basis in OTHER_BASES:
        np.testing.assert_allclose(vectors(np.array(basis) @ matrix), wanted, atol=1e-9)


@pytest.mark.parametrize("name", CELLS)
def test_they_hold_what_bounds_the_cell_of_points_nearest_to_0(name):
    matrix, _ = CELLS[name]
    found = vectors(matrix)
    around = np.array([n for n in np.ndindex(7, 7, 7) if n != (3, 3, 3)]) - 3
    every = around @ matrix
    points = np.random.default_rng(0).normal(size=(400, 3)) * 3
    points[:, 2] *= np.linalg.norm(matrix[2]) / 4
    inside, wanted = (
        (points @ of.T <= (of**2).sum(1) / 2 - 1e-9).all(axis=1)
        for of in (found, every)
    )
    assert wanted.any()
    assert not wanted.all()
    np.testing.assert_array_equal(inside, wanted)


def test_every_atom_has_them():
    crystal = from_arrays(np.eye(3) * 4.0, ["Cs", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    edges = OwnImages(OwnImages.Options()).edges(crystal)
    np.testing.assert_array_equal(edges.sender, edges.receiver)
    assert np.bincount(edges.receiver).tolist() == [26, 26]
