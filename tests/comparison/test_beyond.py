"""The share of edges that a network does not see, of whole crystals."""

import itertools

import numpy as np
import pytest
import torch

import ngn_core.api as ngn
from ngn_core.comparison.beyond import beyond_remarks, share_beyond
from ngn_core.graph.build import GraphBuilder
from ngn_core.packed.packed import pack
from ngn_core.spec.load import load_specs

COLUMNS = {"node": frozenset(), "edge": frozenset({"length"})}


@pytest.fixture
def packed(registry):
    """A function: perovskite and copper as graphs of a spec."""
    oxide = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    metal = 1.8 * (np.ones((3, 3)) - np.eye(3))
    crystals = [
        ngn.from_arrays(3.9 * np.eye(3), ["Sr", "Ti", "O", "O", "O"], oxide),
        ngn.from_arrays(metal, ["Cu"], [[0, 0, 0]]),
    ]

    def build(name, *assignments):
        (spec,) = load_specs([name], registry, assignments)
        edges = spec.graph.edges.build()
        builder = GraphBuilder(spec.graph.options, edges, COLUMNS)
        return spec, pack([builder(crystal) for crystal in crystals])

    return build


def counted(graphs, cutoff, *, pairs):
    """The same share, of graphs without quotients, one thing after the other."""
    _, edge, *above = graphs.batch(torch.arange(len(graphs))).levels
    long = (edge.columns["length"] > cutoff).tolist()
    if pairs:
        long = [long[a] or long[b] for a, b in above[0].index.T.tolist()]
    return sum(long) / len(long)


@pytest.mark.parametrize("pairs", [False, True])
def test_merged_edges_count_as_often_as_they_are(packed, pairs):
    rules = "graph.nest=[{use: receiver, cutoff: 4.5}]"
    edges = "graph.edges={use: radius, cutoff: 5.0}"
    _, whole = packed("cogn", rules, edges, "graph.symmetry=none")
    for cutoff, symmetry in itertools.product((2.0, 3.0), ("asymmetric", "orbits")):
        _, graphs = packed("cogn", rules, edges, f"graph.symmetry={symmetry}")
        wanted = counted(whole, cutoff, pairs=pairs)
        assert 0 < wanted < 1
        assert share_beyond(graphs, cutoff, pairs=pairs) == pytest.approx(wanted)


def test_the_report_names_spec_share_and_component(packed):
    spec, graphs = packed("schnet", "graph.edges={use: knn, neighbors: 60}")
    (remark,) = beyond_remarks([spec], {spec.name: graphs})
    share = share_beyond(graphs, 6.0, pairs=False)
    assert remark == (
        f"SchNet: {share:.2%} of its edges are longer than the cutoff of 6 Å of schnet "
        "(network.blocks.0), which gives them 0."
    )


def test_nothing_is_said_where_no_edge_can_be_longer(packed):
    spec, graphs = packed("schnet")
    assert beyond_remarks([spec], {spec.name: graphs}) == []
