"""Sweeps: one spec for each point of the grid, typos with their place."""

from __future__ import annotations

import pytest

from ngn_core.errors import SpecError
from ngn_core.spec.load import load_all, load_one


@pytest.fixture
def swept(registry):
    def made(*names, sweeps=(), settings=()):
        return load_all(names, registry, settings, sweeps)

    return made


def told(swept, *names, sweeps):
    with pytest.raises(SpecError) as caught:
        swept(*names, sweeps=sweeps)
    return str(caught.value).splitlines()


def test_a_sweep_is_a_spec_for_each_value(swept):
    specs = swept("cogn", sweeps=["graph.edges.neighbors=4,8,12"])
    assert [s.name for s in specs] == [
        f"coGN[neighbors={neighbors}]" for neighbors in (4, 8, 12)
    ]
    assert [s.graph.edges.options.neighbors for s in specs] == [4, 8, 12]
    assert [s.point.values for s in specs] == [
        {"graph.edges.neighbors": neighbors} for neighbors in (4, 8, 12)
    ]
    assert {s.point.of for s in specs} == {"coGN"}


def test_two_sweeps_are_a_grid(swept):
    sweeps = ["graph.edges.neighbors=4,8", "network.blocks.0.message_layers=1,5"]
    names = [spec.name for spec in swept("cogn", sweeps=sweeps)]
    assert names == [
        "coGN[neighbors=4,message_layers=1]",
        "coGN[neighbors=4,message_layers=5]",
        "coGN[neighbors=8,message_layers=1]",
        "coGN[neighbors=8,message_layers=5]",
    ]


def test_keys_of_one_end_are_told_apart(swept):
    sweeps = ["network.embed.node.width=8,16", "network.embed.edge.width=8,16"]
    assert swept("cogn", sweeps=sweeps)[0].name == "coGN[node.width=8,edge.width=8]"


def test_a_spec_may_hold_its_sweep_and_a_flag_comes_before_it(write, swept):
    write("extends: cogn\nname: own\nsweep:\n  graph.edges.neighbors: [4, 8]\n")
    own = swept("probe.yaml")
    assert [spec.name for spec in own] == ["own[neighbors=4]", "own[neighbors=8]"]
    flagged = swept("probe.yaml", sweeps=["graph.edges.neighbors=6"])
    assert [spec.name for spec in flagged] == ["own[neighbors=6]"]


def test_a_whole_component_is_a_value_and_its_options_are_points(swept):
    sweep = "graph.edges={use: knn, neighbors: 4},{use: radius, cutoff: 3.0}"
    knn, radius = swept("cogn", sweeps=[sweep])
    assert radius.name == "coGN[edges=radius(cutoff=3)]"
    assert (knn.graph.edges.name, radius.graph.edges.name) == ("knn", "radius")
    assert radius.point.values == {
        "graph.edges.use": "radius",
        "graph.edges.cutoff": 3.0,
    }


def test_a_baseline_takes_the_size_of_the_training_part_alone(swept):
    sweeps = ["graph.edges.neighbors=4,8", "data.train_size=0.1,1"]
    names = [spec.name for spec in swept("baselines/median", sweeps=sweeps)]
    assert names == ["Median[train_size=0.1]", "Median[train_size=1]"]


def test_a_typo_in_a_file_is_told_with_its_line_once(write, swept):
    write("extends: cogn\nname: own\nsweep:\n  graph.edges.neigbors: [4, 8]\n")
    (line,) = told(swept, "probe.yaml", sweeps=[])
    assert line.startswith("probe.yaml:4: sweep.graph.edges.neigbors: ")
    assert line.endswith("Did you mean 'neighbors'?")


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("graph.edges.neigbors=4,8", "Did you mean 'neighbors'?"),
        ("grap.edges=3", "Did you mean 'graph'?"),
        ("graph.edges.neighbors=4,x", "found 'x'; expected a whole number"),
        ("graph.edges.neighbors=4,4", "expected one value or more, all different"),
        ("graph.edges.neighbors", "expected key=value,value"),
        ("graph.edges.neighbors=[4", "expected YAML values with commas"),
        ("data.train_sise=0.1", "Did you mean 'data.train_size'?"),
        ("data.train_size=2", "found 2; expected shares of the training part"),
        ("name=a,b", "expected a key of graph, network, train, or data"),
    ],
)
def test_a_flag_that_is_no_sweep_is_told_once(swept, sweep, said):
    (line,) = told(swept, "cogn", sweeps=[sweep])
    assert line.startswith(f"--sweep {sweep}: ")
    assert said in line


def test_one_spec_is_not_a_sweep(write, registry):
    write("extends: cogn\nname: own\nsweep: {graph.edges.neighbors: [4, 8]}\n")
    with pytest.raises(SpecError, match="a sweep of 2 specs"):
        load_one("probe.yaml", registry)


def test_a_sweep_that_is_no_mapping_of_lists(write, swept):
    write("extends: cogn\nname: own\nsweep: {graph.edges.neighbors: 4}\n")
    (line,) = told(swept, "probe.yaml", sweeps=[])
    assert "found 4; expected a list of values" in line
