"""The literal neighbors of ALIGNN and Matformer: own images twice, lattice edges."""

from collections import Counter

import numpy as np
import pytest

from ngn_core.crystal.reading import from_arrays
from ngn_core.graph.build import GraphBuilder
from ngn_core.spec.graph import GraphOptions
from ngn_plugins.graphs import KNN, JarvisKNN


@pytest.fixture
def cscl():
    """A stretched cell, whose nearest 8 are unlike and next 4 own images."""
    lattice = np.diag([4.0, 4.1, 6.0])
    return from_arrays(lattice, ["Cs", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])


def times(rows, edges):
    return Counter(rows(edges))


def test_unlike_pairs_are_there_once_and_own_images_twice(cscl, rows):
    found = times(rows, JarvisKNN(JarvisKNN.Options(neighbors=12)).edges(cscl))
    nearest = KNN(KNN.Options(neighbors=12, tolerance=1e-5, both_ways=True))
    assert set(found) == set(rows(nearest.edges(cscl)))
    assert all(count == 1 + (s == r) for (s, r, _), count in found.items())
    assert sum(found.values()) == 2 * (8 + 2 * 4)


def test_lattice_edges_come_once_but_for_those_that_are_neighbors(cscl, rows):
    plain = times(rows, JarvisKNN(JarvisKNN.Options(neighbors=12)).edges(cscl))
    options = JarvisKNN.Options(neighbors=12, lattice=True)
    found = times(rows, JarvisKNN(options).edges(cscl))
    added = found - plain
    assert not plain - found
    # of the six, 100 and 010 are neighbors already
    images = [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    images += [tuple(-n for n in image) for image in images]
    assert added == Counter((a, a, image) for a in (0, 1) for image in images)


def test_a_second_search_forgets_the_lattice(cscl, rows):
    edges = [
        rows(JarvisKNN(JarvisKNN.Options(neighbors=12, **options)).edges(cscl))
        for options in ({}, {"lattice": True, "cutoff": 4.05})
    ]
    assert sorted(edges[0]) == sorted(edges[1])


def test_edges_to_the_letter_cannot_be_closed():
    constructor = JarvisKNN(JarvisKNN.Options(neighbors=12))
    with pytest.raises(ValueError, match="jarvis_knn keeps to the letter"):
        GraphBuilder(GraphOptions(), constructor, {})
