"""`ngn.to_pyg`: the graph that a spec makes, as PyTorch Geometric has it."""

import pytest

import ngn


@pytest.fixture
def salt():
    cell = [[0, 2.82, 2.82], [2.82, 0, 2.82], [2.82, 2.82, 0]]
    return ngn.from_arrays(cell, ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])


def test_it_has_what_the_network_reads(salt):
    data = ngn.to_pyg(salt, "alignn")
    # each of two atoms has 6 and 12 neighbors; orbits: 4 edges, 28 of edges in a row
    assert data.edge_index.shape == (2, 4)
    assert data.angle_index.shape == (2, 28)
    assert data.edge_length.shape == (4,)
    assert float(data.edge_multiplicity.sum()) == 36.0


def test_what_is_set_is_laid_over_the_spec(salt):
    data = ngn.to_pyg(salt, "cogn", set={"graph.symmetry": "none"})
    assert data.edge_multiplicity.tolist() == [1.0] * data.edge_index.shape[1]


def test_what_is_no_structure_is_a_sentence():
    with pytest.raises(ngn.StructureError, match="found int"):
        ngn.to_pyg(3, "cogn")
