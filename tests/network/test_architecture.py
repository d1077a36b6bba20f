"""What is asked of a network before it has weights."""

import subprocess
import sys

import pytest
import torch
from torch import nn

import ngn_core.api as ngn
from ngn_core.errors import SpecError
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs

BARE = "network.embed={node: {use: element, width: 4}}"


class Pointing(ngn.MessageFunction):
    name = "pointing"
    needs = frozenset({"edge.vector"})
    invariant = False


class Computing(ngn.MessageFunction):
    """Its width is a number that it computes from weights."""

    name = "computing"

    def __init__(self, options, dims):
        super().__init__(options, dims)
        weights = nn.Linear(dims.node, dims.node)
        nn.init.ones_(weights.weight)
        self.linear = nn.Linear(dims.node, int(weights.weight.sum().item()))
        self.node_width = self.linear.out_features


def registry_with(*classes):
    class Plugin:
        @ngn.hookimpl
        def ngn_register_message_functions(self):
            return list(classes)

    manager = plugin_manager()
    manager.register(Plugin())
    return collect(manager)


@pytest.fixture(scope="module")
def spec_of():
    """A function that resolves a shipped spec with overrides."""
    registry = registry_with(Pointing, Computing)

    def resolve(name, *assignments):
        return load_specs([name], registry, assignments)[0]

    return resolve


NEEDS = {
    "cgcnn": {"node": {"atomic_number"}, "edge": {"length"}},
    "cogn": {"node": {"atomic_number"}, "edge": {"length"}},
    "congn": {
        "node": {"atomic_number"},
        "edge": {"length", "area"},
        "angle": {"angle"},
    },
}


@pytest.mark.parametrize("name", NEEDS)
def test_the_columns_are_those_that_some_part_reads(spec_of, name):
    found = architecture_of(spec_of(name)).columns
    assert {level: names for level, names in found.items() if names} == NEEDS[name]


def test_hooks_need_columns_too_nested_ones_included(spec_of):
    assert not architecture_of(spec_of("cogn", BARE)).columns["edge"]
    nest = 'network.blocks=[{use: cogn, nest: {"on": messages, use: pointing}}]'
    rule = "graph.nest=[{use: receiver}]"
    nested = architecture_of(spec_of("cogn", BARE, nest, rule, "graph.symmetry=none"))
    assert nested.columns["angle"] == {"vector"}
    state = "network.embed.state={use: number}"
    assert architecture_of(spec_of("cogn", BARE, state)).columns["state"] == {"state"}


def test_a_need_says_which_block_has_it(spec_of):
    blocks = (
        'network.blocks=[{use: cogn}, {repeat: 2, use: cogn, nest: {"on": messages, '
        "use: pointing}}]"
    )
    rule = "graph.nest=[{use: receiver}]"
    spec = spec_of("cogn", BARE, blocks, rule, "graph.symmetry=none")
    (need,) = (n for n in architecture_of(spec).needs if not n.embeds)
    found = (need.key, need.component, need.level, need.column)
    assert found == ("network.blocks.1.nest", "pointing", "angle", "vector")


def test_blocks_are_walked_outer_before_nested(spec_of):
    blocks = architecture_of(spec_of("congn")).network.blocks
    found = [(depth, block.key, block.hooks.name) for depth, block in blocks.walk()]
    once = [
        (0, "network.blocks.0", "cogn"),
        (1, "network.blocks.0.nest", "cogn_line"),
    ]
    assert found == once * 5


SPECS = ["cgcnn", "congn", "dimenetpp", "m3gnet", "painn", "megnet", "pyg/cgconv"]


@pytest.mark.parametrize("name", SPECS)
def test_its_shapes_are_those_of_the_network(spec_of, name):
    spec = spec_of(name)
    architecture, network = architecture_of(spec), build_network(spec)

    def shapes(module):
        tensors = (*module.named_parameters(), *module.named_buffers())
        # what it is kept as follows the default of its first asking, and nobody asks
        return {name: tensor.shape for name, tensor in tensors}

    assert shapes(architecture.network) == shapes(network)
    trained = [p.numel() for p in network.parameters() if p.requires_grad]
    assert architecture.parameters == sum(trained)
    assert architecture.extensive == network.readout.extensive


@pytest.mark.parametrize("name", SPECS)
def test_it_has_no_numbers_and_the_network_has(spec_of, name):
    spec = spec_of(name)
    shared = architecture_of(spec).network
    network = build_network(spec)
    for module, is_meta in ((shared, True), (network, False)):
        tensors = [*module.parameters(), *module.buffers()]
        assert {tensor.is_meta for tensor in tensors} == {is_meta}


def test_asking_draws_no_random_numbers(spec_of):
    before = torch.get_rng_state()
    architecture_of(spec_of("congn", "network.embed.node.width=72"))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_component_may_compute_with_its_weights(spec_of):
    assigned = ["network.blocks=[{use: computing}]", "network.embed.node.width=6"]
    architecture = architecture_of(spec_of("cogn", *assigned))
    assert architecture.network.blocks[0].hooks.linear.out_features == 36
    assert all(parameter.is_meta for parameter in architecture.network.parameters())


def test_a_problem_is_told_as_it_is(spec_of):
    spec = spec_of("cogn", "network.blocks=[{use: cogn, node_layers: [7]}]")
    told = []
    for ask in (architecture_of, build_network):
        with pytest.raises(SpecError, match=r"network\.blocks\.0: .*node_layers") as e:
            ask(spec)
        told.append(str(e.value))
    assert told[0] == told[1]


def test_equal_specs_share_one(spec_of):
    first = architecture_of(spec_of("cgcnn"))
    assert architecture_of(spec_of("cgcnn").with_epochs(3)) is first
    wider = architecture_of(spec_of("cgcnn", "network.embed.node.width=32"))
    assert wider.parameters < first.parameters
    shorter = spec_of("schnet", "graph.edges.cutoff=7.0")
    assert (
        architecture_of(shorter).reaches != architecture_of(spec_of("schnet")).reaches
    )


def test_a_class_that_was_loaded_again_is_asked_again():
    def made(read):
        class Again(ngn.MessageFunction):
            name = "again"
            needs = frozenset({read})

        blocks = ["network.blocks=[{use: again}]", BARE]
        (spec,) = load_specs(["cogn"], registry_with(Again), blocks)
        return architecture_of(spec).columns["edge"]

    assert made("edge.length") == {"length"}
    assert made("edge.area") == {"area"}


def test_asking_does_not_import_the_compiler():
    # it takes a second, half of the time of `ngn validate`
    code = (
        "import sys; from ngn_core.cli.workbench import main; "
        "code = main(['validate', 'cgcnn', 'dimenetpp', 'congn']); "
        "print('torch._dynamo' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "False"
