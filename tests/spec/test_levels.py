import pytest

LINE = "{on: messages, use: cogn_line, gate: gru"


@pytest.mark.parametrize(
    ("rules", "nests", "problem"),
    [
        (0, 1, "a nest 1 deep, and no pair rules in graph.nest"),
        (1, 1, None),
        (1, 2, "a nest 2 deep, and 1 pair rule in graph.nest"),
        (2, 2, None),
        (2, 3, "a nest 3 deep, and 2 pair rules in graph.nest"),
        (2, 0, None),
    ],
)
def test_each_nest_needs_a_rule_of_pairs(probe, load, problems, rules, nests, problem):
    settings = [f"graph.nest=[{', '.join(rules * ['{use: receiver}'])}]"]
    if nests:
        nest = f"{LINE}, nest: " * (nests - 1) + f"{LINE}" + nests * "}"
        settings.append(f"network.blocks.0.nest={nest}")
    if problem is None:
        load(probe, *settings)
    else:
        (line,) = problems(probe, settings=settings)
        key = ".".join(["network.blocks.0", *nests * ["nest"]])
        assert f": {key}: found {problem}; expected a rule in graph.nest" in line


@pytest.mark.parametrize(
    ("nest", "problem"),
    [
        (
            "{use: cogn_line, gate: gru}",
            ".on: found nothing; expected edges | messages",
        ),
        (
            "{on: edge, use: cogn_line, gate: gru}",
            ".on: found 'edge'; expected edges |",
        ),
        ("cogn", ".on: found nothing; expected edges | messages"),
        ("5", ": found 5; expected `use:` with a message function"),
    ],
)
def test_a_nest_says_what_its_nodes_are(probe, problems, nest, problem):
    settings = ["graph.nest=[{use: receiver}]", f"network.blocks.0.nest={nest}"]
    assert f"network.blocks.0.nest{problem}" in problems(probe, settings=settings)[0]


def test_only_levels_of_the_graph_can_be_embedded(changed, load, problems):
    angle = "angle: {use: gaussian, of: angle, bins: 4, stop: 3.2}"
    changed("    edge:", f"    {angle}\n    edge:")
    assert problems("probe.yaml") == [
        "probe.yaml:7: network.embed.angle: found the level angle; expected a level "
        "of this graph: one of node, edge. A rule in `graph.nest` gives the graph one "
        "more level"
    ]
    load("probe.yaml", "graph.nest=[{use: receiver}]")
    load("probe.yaml", "network.embed.angle=null")


def test_levels_are_checked_though_a_component_is_unknown(probe, problems):
    settings = ["network.embed.angle=elemnt", "network.readout=men"]
    assert len(problems(probe, settings=settings)) == 3
