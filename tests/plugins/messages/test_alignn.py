import pytest

from ngn_core.errors import SpecError
from ngn_core.network.build import build_network
from ngn_core.spec.load import load_specs


def test_nodes_and_edges_of_different_widths_are_refused(registry):
    assignments = ["network.embed.edge.layers=[64, 128]"]
    (spec,) = load_specs(["alignn"], registry, assignments)
    with pytest.raises(SpecError, match="one width.*they have 256 and 128"):
        build_network(spec)


def test_angles_of_another_width_than_edges_are_refused_in_the_nest(registry):
    assignments = ["network.embed.angle.layers=[32]"]
    (spec,) = load_specs(["alignn"], registry, assignments)
    with pytest.raises(SpecError, match=r"blocks.1.nest.*they have 256 and 32"):
        build_network(spec)


def test_the_same_convolution_runs_three_levels_deep(registry):
    angle = "{use: mlp, of: {use: gaussian, of: %s, bins: 8, stop: 3.2}, layers: [256]"
    torsion = angle % "torsion" + ", activation: silu}"
    nest = "{on: edges, use: alignn, nest: {on: edges, use: alignn}}"
    assignments = [
        "graph.nest=[{use: chain}, {use: receiver}]",
        f"network.embed.torsion={torsion}",
        f"network.blocks.1.nest={nest}",
    ]
    (spec,) = load_specs(["alignn"], registry, assignments)
    network = build_network(spec)
    assert network.blocks[1].nested[0].nested[0].hooks.name == "alignn"
