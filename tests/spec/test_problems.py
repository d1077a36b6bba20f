"""Each mistake has its file, line and key, what was found and what would be right."""

import pytest

from ngn_core.errors import SpecError
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs

BROKEN = """\
name: broken
refrence: {}
graph:
  cell: primitve
  edges: {use: radius, cutof: 5.0}
  nest: [{use: chain, cutoff: true}]
network:
  embed:
    node: {use: elements}
    edge:
      use: concat
      of:
      - {use: gaussian, of: length, bins: ten, stop: 5.0}
      - {use: gaussian, of: length,
         bins: 4, stop: -1}
  blocks:
  - {use: cgcnn, batch_norm: 2}
  readout: gru
train:
  epochs: 1.5
  optimizer: {use: adam, lr: abc}
"""


def test_all_problems_of_all_files_are_told_at_once(write, problems):
    write(BROKEN, "a.yaml")
    write("name: [", "b.yaml")
    lines = problems("a.yaml", "nowhere.yaml", "b.yaml")
    assert [line.partition("; expected")[0] for line in lines] == [
        "a.yaml:2: refrence: found the unknown key 'refrence'",
        "a.yaml:4: graph.cell: found 'primitve'",
        "a.yaml:5: graph.edges.cutoff: found nothing",
        "a.yaml:5: graph.edges.cutof: found the unknown key 'cutof'",
        "a.yaml:6: graph.nest.0.cutoff: found true",
        "a.yaml:9: network.embed.node.use: found 'elements'",
        "a.yaml:13: network.embed.edge.of.0.bins: found 'ten'",
        "a.yaml:14: network.embed.edge.of.1: found {of: length, bins: 4, stop: -1}",
        "a.yaml:17: network.blocks.0.batch_norm: found 2",
        "a.yaml:18: network.readout.use: found 'gru'",
        "a.yaml:19: train.batch_size: found nothing",
        "a.yaml:20: train.epochs: found 1.5",
        "a.yaml:21: train.optimizer.lr: found 'abc'",
        "nowhere.yaml: (file): found no such file and no shipped spec of that name",
        (
            "b.yaml:1: (file): found broken YAML: expected the node content, "
            "but found '<stream end>'"
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "lr: 1.0e-3",
            "lr: abc",
            ":15: train.optimizer.lr: found 'abc'; expected a number greater than 0",
        ),
        (
            "lr: 1.0e-3",
            "lr: .nan",
            (
                ":15: train.optimizer.lr: found .nan; expected a number greater "
                "than 0, and finite"
            ),
        ),
        ("lr: 1.0e-3", "lr: '1e-3'x", ":15: (file): found broken YAML: "),
        (
            "epochs: 3",
            "epochs: true",
            ":13: train.epochs: found true; expected a whole number greater than 0",
        ),
        (
            "{use: cgcnn}",
            "{use: cgcnn, repeat: true}",
            (
                ":9: network.blocks.0.repeat: found true; expected a whole number "
                "greater than 0"
            ),
        ),
        (
            "{use: cgcnn}",
            "{use: cgcnn, repat: 2}",
            (
                ":9: network.blocks.0.repat: found the unknown key 'repat'; "
                "expected one of the keys use, repeat, nest, divide, batch_norm. Did "
                "you mean 'repeat'?"
            ),
        ),
        (
            "{use: cgcnn}",
            "{use: cgcnn, on: edges}",
            ":9: network.blocks.0.on: found the unknown key 'on'; expected one of",
        ),
        (
            "{use: cgcnn}",
            "{use: cgcnn, batch_norm: 0.5}",
            ":9: network.blocks.0.batch_norm: found 0.5; expected true or false",
        ),
        (
            "{use: cgcnn}",
            "{use: CGCNN}",
            (
                ":9: network.blocks.0.use: found 'CGCNN'; expected a message "
                "function: one of alignn, "
            ),
        ),
        (
            "{use: cgcnn}",
            "{}",
            (
                ":9: network.blocks.0.use: found nothing; expected `use:` with a "
                "message function: one of alignn, "
            ),
        ),
        (
            "{use: cgcnn}",
            "[cgcnn]",
            (
                ":9: network.blocks.0: found [cgcnn]; expected `use:` with a "
                "message function: one of alignn, "
            ),
        ),
        (
            "{use: cgcnn}",
            "{use: cogn_line}",
            (
                ":9: network.blocks.0.gate: found nothing; expected `use:` with a "
                "gate: one of gru"
            ),
        ),
        (
            "{use: cgcnn}",
            "{use: cogn_line, gate: [gru]}",
            (
                ":9: network.blocks.0.gate: found [gru]; expected `use:` with a "
                "gate: one of gru"
            ),
        ),
        (
            "{use: gaussian, of: length, bins: 4, stop: 5.0}",
            "{use: concat, of: element}",
            (
                ":7: network.embed.edge.of: found 'element'; expected a list, each "
                "item `use:` with an embedding: one of "
            ),
        ),
        (
            "{use: gaussian, of: length, bins: 4, stop: 5.0}",
            "{use: concat, of: []}",
            (
                ":7: network.embed.edge.of: found []; expected a list of 1 or more "
                "embeddings"
            ),
        ),
        (
            "bins: 4",
            "bins: 4, sigma: wide",
            (
                ":7: network.embed.edge.sigma: found 'wide'; expected sqrt_spacing "
                "| sqrt_half_spacing | spacing, or a number"
            ),
        ),
        (
            "layers: [1]",
            "layers: [8, x]",
            ":11: network.head.layers.1: found 'x'; expected a whole number",
        ),
        (
            "layers: [1]",
            "layers: 1",
            (
                ":11: network.head.layers: found 1; expected a list of 1 or more "
                "whole numbers"
            ),
        ),
        (
            "layers: [1]",
            "layers: [true]",
            ":11: network.head.layers.0: found true; expected a whole number",
        ),
        (
            "readout: mean",
            "readout: gru",
            (
                ":10: network.readout.use: found 'gru'; expected a readout: one of "
                "as_target, atomwise, every_block, mean, set2set, sum, weighted. 'gru' "
                "is a gate"
            ),
        ),
        (
            "readout: mean",
            "readout:",
            ":10: network.readout: found nothing; expected a value for readout",
        ),
        (
            "name: probe",
            "name: 5",
            ":1: name: found 5; expected text, the name that tables print",
        ),
        ("name: probe", "name: ' '", ":1: name: found ' '; expected text"),
        (
            "name: probe",
            "reference: {doi: 10.5}\nname: probe",
            ":1: reference.doi: found 10.5; expected text, or null",
        ),
        (
            "name: probe",
            "reference: [x]\nname: probe",
            ":1: reference: found [x]; expected a mapping of keys",
        ),
        (
            "name: probe",
            "Extend: x\nname: probe",
            (
                ":1: Extend: found the unknown key 'Extend'; expected one of the "
                "keys name, graph, network, train, reference, extends, tuned. Did you "
                "mean 'extends'?"
            ),
        ),
        (
            "graph:",
            "graph:\n  idealize: false",
            (
                ":3: graph.idealize: found false; expected a value that fits: "
                "symmetry: orbits needs idealize: true"
            ),
        ),
        (
            "graph:",
            "graph:\n  nest: [{use: sender, way_back: drop}]",
            (
                ":3: graph.nest.0.way_back: found 'drop'; expected a value that "
                "fits: way_back: drop goes with"
            ),
        ),
        (
            "graph:",
            "graph:\n  nest: [{use: sender, cutoff: 0}]",
            (
                ":3: graph.nest.0.cutoff: found 0; expected a number greater than "
                "0, or null"
            ),
        ),
        (
            "graph:",
            "graph:\n  nest: [{use: sender, cut: 0}]",
            (
                ":3: graph.nest.0.cut: found the unknown key 'cut'; expected one "
                "of the keys use, cutoff, way_back"
            ),
        ),
        (
            "graph:",
            "graph:\n  nest: receiver",
            (
                ":3: graph.nest: found 'receiver'; expected a list of up to 2 "
                "mappings of use, cutoff, way_back"
            ),
        ),
        (
            "    node: {use: element, width: 8}",
            "    nodes: {use: element, width: 8}",
            (
                ":6: network.embed.nodes: found the unknown key 'nodes'; expected "
                "one of the keys node, edge, angle, torsion, state. Did you mean "
                "'node'?"
            ),
        ),
        (
            "  blocks:\n    - {use: cgcnn}",
            "  blocks: []",
            (
                ":8: network.blocks: found []; expected a list of blocks, each "
                "with `use:`"
            ),
        ),
        (
            "  blocks:\n    - {use: cgcnn}",
            "  blocks: cgcnn",
            ":8: network.blocks: found 'cgcnn'; expected a list of blocks",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence(changed, problems, old, new, message):
    (line,) = problems(changed(old, new))
    assert line.startswith(f"probe.yaml{message}")


def test_numbers_and_flags_may_be_written_in_the_usual_ways(changed, load):
    spec = load(changed("lr: 1.0e-3", "lr: 5e-4"))
    assert spec.train["regression"].optimizer.options.lr == 5e-4
    assert load(changed("epochs: 3", "epochs: 1e2")).train["binary"].epochs == 100
    spec = load(changed("{use: cgcnn}", "{use: cgcnn, batch_norm: no}"))
    assert spec.network.blocks[0].use.options.batch_norm is False


@pytest.mark.parametrize("section", ["graph", "network", "train"])
@pytest.mark.parametrize("value", ["null", "[]", "5", "text", "{}"])
def test_a_section_that_is_none_is_reported(probe, problems, section, value):
    lines = problems(probe, settings=[f"{section}={value}"])
    assert lines
    assert all(f": {section}" in line for line in lines)


def test_two_specs_of_one_name_are_refused_at_the_second(probe, changed, problems):
    changed("name: probe", "# another\nname: probe", "other.yaml")
    assert problems(probe, "other.yaml") == [
        (
            "other.yaml:2: name: found 'probe', the name of probe.yaml too; "
            "expected a name of its own, for the tables"
        )
    ]
    assert len(problems(probe, probe)) == 1


def test_a_name_that_was_not_changed_is_a_problem_of_the_child(probe, write, problems):
    write("extends: probe.yaml\n", "child.yaml")
    (line,) = problems(probe, "child.yaml")
    assert line.startswith(
        "child.yaml: name: found 'probe', the name of probe.yaml too"
    )


def test_a_name_that_is_nearly_a_shipped_spec(problems):
    (line,) = problems("coGN")
    assert line.endswith("Did you mean 'cogn'?")
    (line,) = problems("somewhere/cgcn.yaml")
    assert line.endswith("Did you mean 'cgcnn'?")


def test_later_checks_find_the_line_of_a_key(probe, load):
    problem = load(probe).problem("network.blocks.0", "x", "y")
    assert str(problem) == "probe.yaml:9: network.blocks.0: found x; expected y"


CARELESS = """
import ngn_core.api as ngn
from pydantic import field_validator

class Careless(ngn.MessageFunction):
    name = "careless"

    class Options(ngn.Options):
        a: int = 0

        @field_validator("a")
        @classmethod
        def _check(cls, a):
            return {}[a]

@ngn.hookimpl
def ngn_register_message_functions():
    return [Careless]
"""


def test_the_check_of_a_plugin_that_fails_is_a_problem(probe, tmp_path):
    plugin = tmp_path / "careless.py"
    plugin.write_text(CARELESS)
    registry = collect(plugin_manager([plugin]))
    with pytest.raises(SpecError) as caught:
        load_specs([probe], registry, ["network.blocks.0={use: careless, a: 5}"])
    assert str(caught.value) == (
        "--set network.blocks.0={use: careless, a: 5}: network.blocks.0: "
        "found {a: 5}; expected options that pass the check of "
        "Careless.Options, which failed with KeyError: 5"
    )
