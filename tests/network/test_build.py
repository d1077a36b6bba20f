import pytest
import torch
from torch import nn

import ngn_core.api as ngn
from ngn_core.errors import SpecError
from ngn_core.network.build import build_network
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs

SHIPPED = ["cgcnn", "schnet", "megnet", "cogn", "congn"]


class Widening(ngn.MessageFunction):
    name = "widening"

    class Options(ngn.Options):
        width: int

    def __init__(self, options, dims):
        super().__init__(options, dims)
        self.linear = nn.Linear(dims.node, options.width)
        self.node_width = options.width
        self.message_width = dims.node

    def message(self, edge, sender, receiver, state, graph):
        return sender.features

    def update_node(self, node, received, state, graph):
        return self.linear(node + received)


class Pointing(ngn.MessageFunction):
    name = "pointing"
    needs = frozenset({"edge.vector"})
    invariant = False


@pytest.fixture(scope="module")
def plugins():
    class Plugin:
        @ngn.hookimpl
        def ngn_register_message_functions(self):
            return [Widening, Pointing]

    manager = plugin_manager()
    manager.register(Plugin())
    return collect(manager)


@pytest.fixture(scope="module")
def built(plugins):
    """A function that builds the network of a shipped spec with overrides."""

    def build(name, *assignments):
        (spec,) = load_specs([name], plugins, assignments)
        return build_network(spec)

    return build


def count(module):
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


@pytest.mark.parametrize(("name", "number"), [("cogn", 697_601), ("congn", 2_799_201)])
def test_the_published_networks_have_the_published_number_of_parameters(
    built, name, number
):
    assert count(built(name)) == number


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_network_gives_one_number_a_crystal_and_uses_all_its_weights(
    built, random_batch, name
):
    network = built(name)
    batch = random_batch(0, 3 if name == "congn" else 2)
    output = network(batch)
    assert output.shape == (2, 1)
    assert output.isfinite().all()
    output.sum().backward()
    unused = [key for key, p in network.named_parameters() if p.grad is None]
    assert unused == []


def test_a_width_that_a_block_changes_is_what_the_next_one_gets(built):
    network = built(
        "cogn",
        "network.blocks=[{use: widening, width: 5}, {use: widening, width: 7}]",
    )
    one, two = (block.hooks.linear for block in network.blocks)
    assert (one.in_features, one.out_features) == (128, 5)
    assert (two.in_features, two.out_features) == (5, 7)
    assert network.readout.width == 7
    assert network.head.mlp.first.in_features == 7


def test_a_nested_block_gets_the_widths_of_its_own_level(built):
    network = built(
        "cogn",
        "graph.nest=[{use: receiver}]",
        "network.embed.edge={use: gaussian, of: length, bins: 5, stop: 8.0}",
        "network.embed.angle={use: basis, of: {use: gaussian, of: angle, bins: 7, "
        "stop: 3.2}}",
        'network.blocks=[{use: cogn, nest: {"on": messages, use: schnet, filters: 3, '
        "cutoff: 5.0}}]",
    )
    outer, inner = network.blocks[0].hooks, network.blocks[0].nested[0].hooks
    assert outer.message_mlp.first.in_features == 5 + 2 * 128
    assert inner.filter.first.in_features == 7
    assert inner.sent.in_features == 128


def test_repeated_blocks_have_weights_of_their_own(built):
    network = built("congn")
    assert len(network.blocks) == 5
    assert count(network) == sum(p.numel() for p in set(network.parameters()))


def test_an_initialization_draws_every_module(built):
    def biases(network):
        found = network.state_dict().items()
        return [values for key, values in found if "bias" in key]

    assert not any(values.any() for values in biases(built("congn")))
    assert all(values.any() for values in biases(built("congn", "network.init=null")))


NEST = "graph.nest=[{use: receiver}]"
WRONG = {
    "two outputs": (
        ["network.head.layers=[32, 2]"],
        r"network.head: found 2 outputs; expected 1 output",
    ),
    "no head": (["network.head=null"], r"found 128 outputs; expected 1 output"),
    "no nodes": (
        ["network.embed={edge: {use: gaussian, of: length, bins: 4, stop: 8.0}}"],
        r"network.blocks.0: found nodes without features; expected .* for cogn",
    ),
    "no basis": (
        ["network.blocks=[{use: cogn}, {use: schnet, cutoff: 5.0}]"],
        r"network.blocks.1: found schnet; expected a basis to make its filter of",
    ),
    "a skip over other widths": (
        ["network.blocks=[{use: megnet, dense: null, layers: [8, 4]}]"],
        r"network.blocks.0: found megnet; expected .* of width 4, .*128, 128 and None",
    ),
    "a basis where features should be": (
        [
            "network.embed.edge={use: concat, of: [{use: basis, of: "
            "{use: gaussian, of: length, bins: 4, stop: 8.0}}]}"
        ],
        r"network.embed.edge: found concat; expected embeddings with features",
    ),
    "a nest that changes the messages' width": (
        [
            'network.blocks=[{use: cogn, nest: {"on": messages, use: widening, '
            "width: 9}}]",
            NEST,
        ],
        r"network.blocks.0.nest: found messages of width 128 that come back with 9",
    ),
    "a nest on edges without features": (
        [
            "network.embed={node: {use: element, width: 4}}",
            'network.blocks=[{use: cogn, nest: {"on": edges, use: widening, '
            "width: 4}}]",
            NEST,
        ],
        r"network.blocks.0.nest: found nodes without features; .* for widening",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_widths_that_do_not_fit_are_told_with_their_place(built, case):
    assignments, message = WRONG[case]
    with pytest.raises(SpecError, match=message) as caught:
        built("cogn", *assignments)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize("symmetry", ["asymmetric", "orbits"])
@pytest.mark.parametrize(
    "blocks",
    [
        "[{use: cogn}, {use: pointing}]",
        '[{use: cogn, nest: {"on": messages, use: pointing}}]',
    ],
)
def test_hooks_that_use_directions_are_refused_under_a_quotient(
    built, blocks, symmetry
):
    blocks = f"network.blocks={blocks}"
    message = (
        f"graph.symmetry: found '{symmetry}'; expected `none`: pointing uses "
        "directions, which differ between symmetry-equivalent atoms"
    )
    with pytest.raises(SpecError, match=message):
        built("cogn", blocks, NEST, f"graph.symmetry={symmetry}")
    built("cogn", blocks, NEST, "graph.symmetry=none")


def test_a_network_is_the_same_for_the_same_seed(built, random_batch):
    outputs = []
    for _ in range(2):
        torch.manual_seed(3)
        outputs.append(built("cogn")(random_batch(1)))
    assert outputs[0].equal(outputs[1])
