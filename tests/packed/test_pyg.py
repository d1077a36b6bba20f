"""Crystal graphs go to torch_geometric and come back whole."""

import numpy as np
import pytest
import torch
from torch_geometric.data import Batch

from ngn_core.graph.build import GraphBuilder
from ngn_core.packed.packed import pack
from ngn_core.packed.pyg import from_pyg, to_pyg
from ngn_core.spec.load import load_specs

COLUMNS = {
    "node": frozenset({"atomic_number"}),
    "edge": frozenset({"length", "vector", "cell_shift"}),
    "angle": frozenset({"angle"}),
}


@pytest.fixture(scope="module")
def graphs(registry, alloys):
    (spec,) = load_specs(["congn"], registry, ["graph.symmetry=orbits"])
    build = GraphBuilder(spec.graph.options, spec.graph.edges.build(), COLUMNS)
    return [build(crystal) for crystal in alloys.crystals[:6]]


def assert_equal(one, other):
    assert one.atoms == other.atoms
    assert dict(one.facts) == dict(other.facts)
    for mine, theirs in zip(one.levels, other.levels, strict=True):
        assert mine.columns.keys() == theirs.columns.keys()
        for name, values in mine.columns.items():
            assert values.dtype == theirs.columns[name].dtype
            np.testing.assert_array_equal(values, theirs.columns[name])
        np.testing.assert_array_equal(mine.multiplicity, theirs.multiplicity)
        if mine.index is None:
            assert theirs.index is None
        else:
            np.testing.assert_array_equal(mine.index, theirs.index)


def test_nothing_is_lost_on_the_way_there_and_back(graphs):
    for graph in graphs:
        assert_equal(from_pyg(to_pyg(graph)), graph)


def test_nothing_is_lost_in_a_batch(graphs):
    batch = Batch.from_data_list([to_pyg(graph) for graph in graphs])
    for data, graph in zip(batch.to_data_list(), graphs, strict=True):
        assert_equal(from_pyg(data), graph)


def test_a_batch_points_where_our_own_batch_points(graphs):
    batch = Batch.from_data_list([to_pyg(graph) for graph in graphs])
    ours = pack(graphs).batch(torch.arange(len(graphs)))
    _, edge, angle = ours.levels
    assert torch.equal(batch.edge_index, edge.index)
    assert torch.equal(batch.angle_index, angle.index)
    assert torch.equal(batch.batch, ours.levels[0].crystal)
