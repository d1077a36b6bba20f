"""CGCNN's table of neighbors."""

import numpy as np
import pytest

import ngn_core.api as ngn
from ngn_core.graph.build import GraphBuilder
from ngn_core.spec.graph import GraphOptions
from ngn_plugins.graphs.knn import KNN
from ngn_plugins.graphs.neighbor_table import NeighborTable

LITERAL = {"cell": "given", "symmetry": "none", "idealize": False, "closure": "literal"}


def table(neighbors, cutoff=8.0):
    options = {"neighbors": neighbors, "cutoff": cutoff, "missing_length": cutoff + 1}
    return NeighborTable(NeighborTable.Options(**options))


def built(crystal, constructor, columns=("length", "vector")):
    wanted = {"node": frozenset({"atomic_number"}), "edge": frozenset(columns)}
    return GraphBuilder(GraphOptions(**LITERAL), constructor, wanted)(crystal)


@pytest.fixture
def skewed():
    """Five atoms without symmetry: no two neighbors are equally far."""
    random = np.random.default_rng(4)
    lattice = np.diag([4.0, 5.0, 6.0]) + random.normal(size=(3, 3)) / 3
    species = tuple(((number, 1.0),) for number in (3, 8, 8, 22, 26))
    return ngn.Crystal(lattice, random.random((5, 3)), species)


def test_without_ties_it_is_the_nearest_neighbors(skewed):
    # KNN keeps what is within the tolerance of the k-th: here nothing
    edge = built(skewed, table(7)).levels[1]
    nearest = built(skewed, KNN(KNN.Options(neighbors=7, tolerance=0.0))).levels[1]
    assert sorted(edge.columns["length"]) == pytest.approx(
        sorted(nearest.columns["length"])
    )
    assert (np.bincount(edge.index[1]) == 7).all()


def test_ties_are_cut_at_the_kth():
    # rock salt has 6 neighbors, then 12
    lattice = 2.82 * (np.ones((3, 3)) - np.eye(3))
    species = (((11, 1.0),), ((17, 1.0),))
    rocksalt = ngn.Crystal(lattice, np.array([[0.0] * 3, [0.5] * 3]), species)
    edge = built(rocksalt, table(10)).levels[1]
    assert (np.bincount(edge.index[1]) == 10).all()
    lengths = edge.columns["length"].reshape(2, 10)
    expected = np.sort([2.82] * 6 + [2.82 * 2**0.5] * 4)
    np.testing.assert_allclose(np.sort(lengths, axis=1), [expected] * 2)


def test_what_is_missing_comes_from_the_first_atom_and_has_no_vector(skewed):
    apart = ngn.Crystal(skewed.lattice * 10, skewed.frac, skewed.species)
    edge = built(apart, table(4, cutoff=3.0)).levels[1]
    missing = edge.columns["length"] == 4.0
    assert (np.bincount(edge.index[1]) == 4).all()
    assert missing.all()
    assert (edge.index[0] == 0).all()
    assert np.isnan(edge.columns["vector"]).all()
    near = built(skewed, table(400, cutoff=5.0)).levels[1]
    missing = near.columns["length"] == 6.0
    assert (near.index[0][missing] == 0).all()
    assert (np.isnan(near.columns["vector"]).all(axis=1) == missing).all()
    real = np.linalg.norm(near.columns["vector"][~missing], axis=1)
    np.testing.assert_allclose(real, near.columns["length"][~missing])
    assert real.max() <= 5.0


def test_it_goes_with_a_literal_closure():
    with pytest.raises(ValueError, match="closure: literal"):
        GraphBuilder(GraphOptions(), table(12), {})
