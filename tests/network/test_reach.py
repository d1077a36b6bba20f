"""Cutoffs that are shorter than the edges that a graph can have are told."""

import pytest

from ngn_core.network.architecture import architecture_of
from ngn_core.spec.load import load_specs


@pytest.fixture
def found(registry):
    """A function: what is told of each cutoff of a spec that is too short."""

    def find(name, *assignments):
        (spec,) = load_specs([name], registry, assignments)
        reaches = architecture_of(spec).reaches
        return [(r.key, r.component, r.cutoff, r.pairs, r.longest) for r in reaches]

    return find


@pytest.mark.parametrize(
    "name", ["cgcnn", "schnet", "m3gnet", "painn", "dimenetpp", "cogn", "matformer"]
)
def test_published_networks_see_all_edges_of_their_graphs(found, name):
    assert found(name) == []


@pytest.mark.parametrize(
    ("edges", "longest"),
    [
        ("{use: radius, cutoff: 6.5}", 6.5),
        ("{use: knn, neighbors: 12}", None),
        ("{use: voronoi}", None),
        ("{use: voronoi, max_length: 7.0}", 7.0),
        (
            "{use: union, of: [{use: radius, cutoff: 6.5}, {use: knn, neighbors: 2}]}",
            None,
        ),
        (
            "{use: union, of: [{use: radius, cutoff: 6.5}, {use: radius, cutoff: 2}]}",
            6.5,
        ),
    ],
)
def test_a_hook_says_so_where_edges_may_be_longer(found, edges, longest):
    (reach,) = found("schnet", f"graph.edges={edges}")
    assert reach == ("network.blocks.0", "schnet", 6.0, False, longest)


def test_so_does_a_basis_inside_other_embeddings(found):
    (reach,) = found("m3gnet", "graph.edges.cutoff=5.5")
    assert reach == ("network.embed.edge", "spherical_bessel", 5.0, False, 5.5)


@pytest.mark.parametrize(("cutoff", "longest"), [("null", 5.0), ("4.5", 4.5)])
def test_a_nested_hook_is_told_of_the_pairs(found, cutoff, longest):
    rule = f"graph.nest=[{{use: receiver, cutoff: {cutoff}}}]"
    (reach,) = found("m3gnet", rule)
    key = "network.blocks.0.nest"
    assert reach == (key, "m3gnet_three_body", 4.0, True, longest)


def test_the_sentence_names_what_and_where(registry):
    (spec,) = load_specs(["ablations/schnet_knn"], registry)
    (reach,) = architecture_of(spec).reaches
    assert reach.sentence() == (
        "network.blocks.0: schnet is 0 from 6 Å on, and the graph can have edges of "
        "any length"
    )
