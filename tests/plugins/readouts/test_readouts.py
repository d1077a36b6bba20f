"""Every readout and head: a quotient is read out as the whole crystal."""

import pytest
import torch

import ngn_core.api as ngn
from ngn_core.network.graph import nest_levels
from ngn_core.network.level_batch import LevelBatch
from ngn_plugins import readouts
from ngn_plugins.readouts.atomwise import Atomwise
from ngn_plugins.readouts.mlp import MLPHead
from ngn_plugins.readouts.pooled import AsTarget, Mean, Sum
from ngn_plugins.readouts.set2set import Set2SetReadout
from ngn_plugins.readouts.weighted import Weighted

DIMS = [ngn.Dims(4, 3, 2)]


def a_graph(node_weight, edge_weight, crystal, atoms):
    """Nodes and edges of two crystals; only their weights matter to a readout."""
    nodes = LevelBatch({}, None, node_weight, node_weight, crystal[0], 2)
    index = torch.zeros(2, len(edge_weight), dtype=torch.long)
    edges = LevelBatch({}, index, edge_weight, edge_weight, crystal[1], 2)
    ones = torch.ones(2)
    crystals = LevelBatch({"atoms": atoms}, None, ones, ones, torch.arange(2), 2)
    return nest_levels([nodes, edges], [None, None], crystals)


@pytest.fixture
def both():
    """Features of a quotient with its graph, and of the whole with its own."""
    torch.manual_seed(0)
    counts = torch.tensor([1, 3, 2]), torch.tensor([2, 1, 4, 1])
    crystal = torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1, 1])
    atoms = torch.tensor([8.0, 6.0])
    node, edge, state = torch.randn(3, 4), torch.randn(4, 3), torch.randn(2, 2)
    quotient = a_graph(counts[0].float(), counts[1].float(), crystal, atoms)
    copies = [torch.repeat_interleave(torch.arange(len(c)), c) for c in counts]
    ones = [torch.ones(len(copy)) for copy in copies]
    belongs = [of[copy] for of, copy in zip(crystal, copies, strict=True)]
    whole = a_graph(*ones, belongs, atoms)
    return (
        ((node, edge, state), quotient),
        ((node[copies[0]], edge[copies[1]], state), whole),
    )


READOUTS = {
    "mean": (Mean, {}, 4),
    "sum": (Sum, {}, 4),
    "atomwise mean": (Atomwise, {"layers": (5, 1), "activation": "silu"}, 1),
    "atomwise sum": (
        Atomwise,
        {"layers": (5, 1), "activation": "silu", "pool": "sum"},
        1,
    ),
    "set2set": (Set2SetReadout, {"layers": 2}, 2 * 4 + 2 * 3 + 2),
    "set2set sum": (Set2SetReadout, {"pool": "sum"}, 2 * 4 + 2 * 3 + 2),
    "set2set of nodes": (Set2SetReadout, {"of": "nodes"}, 2 * 4 + 2),
    "set2set of edges": (Set2SetReadout, {"of": "edges"}, 2 * 3 + 2),
    "weighted": (Weighted, {"layers": (5, 6)}, 6 + 2),
    "weighted sum": (Weighted, {"layers": (5,), "pool": "sum"}, 5 + 2),
    "gated": (Atomwise, {"layers": (5, 1), "activation": "silu", "gated": True}, 1),
    "as target": (AsTarget, {}, 4),
}


@pytest.mark.parametrize("name", READOUTS)
def test_a_quotient_is_read_out_as_the_whole(both, name):
    component, options, width = READOUTS[name]
    readout = component(component.Options(**options), DIMS)
    assert readout.width == width
    found, wanted = (readout([features], graph) for features, graph in both)
    assert found.shape == (2, width)
    torch.testing.assert_close(found, wanted)


def test_a_sum_counts_the_atoms_of_the_given_cell(both):
    (features, graph), _ = both
    mean = Mean(ngn.Options(), DIMS)([features], graph)
    total = Sum(ngn.Options(), DIMS)([features], graph)
    torch.testing.assert_close(total, mean * torch.tensor([[8.0], [6.0]]))


def test_a_weighted_sum_reaches_the_head_by_atom_or_whole(both):
    (features, graph), _ = both
    atoms = torch.tensor([[8.0], [6.0]])
    whole, by_atom = (
        Weighted(Weighted.Options(pool="sum", whole=whole), DIMS)
        for whole in (True, False)
    )
    assert by_atom.extensive
    assert not whole.extensive
    whole.load_state_dict(by_atom.state_dict())
    one, other = by_atom([features], graph), whole([features], graph)
    # the head gets what is extensive by atom: the state as it is either way
    torch.testing.assert_close(one[:, :-2], other[:, :-2])
    torch.testing.assert_close(one[:, -2:] / atoms, other[:, -2:])
    with pytest.raises(ValueError, match="`pool: sum` with `whole`"):
        Weighted.Options(whole=True)


def test_the_last_block_is_what_is_read_out(both):
    (features, graph), _ = both
    readout = Mean(ngn.Options(), [ngn.Dims(9, None), *DIMS])
    assert readout.width == 4
    assert not readout.every_block
    found = readout([(None, None, None), features], graph)
    torch.testing.assert_close(found, readout([features], graph))


def test_set2set_reads_nodes_then_edges_then_state(both):
    ((node, edge, state), graph), _ = both
    readout = Set2SetReadout(Set2SetReadout.Options(), DIMS)
    found = readout([(node, edge, state)], graph)
    wanted = [
        readout.node_pool(node, graph.node.onto_crystal),
        readout.edge_pool(edge, graph.edge.onto_crystal),
        state,
    ]
    torch.testing.assert_close(found, torch.cat(wanted, dim=1))


def test_set2set_does_without_edge_features_and_state(both):
    ((node, *_), graph), _ = both
    readout = Set2SetReadout(Set2SetReadout.Options(), [ngn.Dims(4, None)])
    assert readout.width == 8
    assert readout([(node, None, None)], graph).shape == (2, 8)


def test_a_head_has_no_activation_after_its_last_layer():
    options = MLPHead.Options(layers=(6, 2), activation="softplus")
    head = MLPHead(options, 4)
    assert head.width == 2
    crystal = torch.randn(3, 4)
    hidden = torch.nn.functional.softplus(head.mlp.first(crystal))
    torch.testing.assert_close(head(crystal), head.mlp.rest[0](hidden))


def test_a_head_may_activate_what_it_is_given_first():
    options = MLPHead.Options(layers=(2,), activation="softplus", activate_input=True)
    head = MLPHead(options, 4)
    crystal = torch.randn(3, 4)
    wanted = head.mlp.first(torch.nn.functional.softplus(crystal))
    torch.testing.assert_close(head(crystal), wanted)


def test_the_package_gives_its_readouts_and_heads():
    found = readouts.ngn_register_readouts()
    names = {c.name for c in found}
    assert names >= {"as_target", "atomwise", "mean", "set2set", "sum"}
    heads = readouts.ngn_register_heads()
    assert [c.name for c in heads] == ["mlp"]
    for component in (*found, *heads):
        fields = component.Options.model_fields.values()
        assert all(field.description for field in fields)


@pytest.mark.parametrize(
    ("component", "options"),
    [
        (Atomwise, {"layers": (5, 1), "activation": "silu"}),
        (Set2SetReadout, {}),
    ],
)
def test_without_a_target_the_pooling_is_the_mean(both, component, options):
    blocks, graph = both[0]
    outputs, extensive = [], []
    for pool in ("as_target", "mean", "sum"):
        torch.manual_seed(1)
        readout = component(component.Options(**options, pool=pool), DIMS)
        outputs.append(readout([blocks], graph))
        extensive.append(readout.extensive)
    assert extensive == [False, False, True]
    torch.testing.assert_close(outputs[0], outputs[1])
    atoms = graph.crystals.columns["atoms"].unsqueeze(1)
    torch.testing.assert_close(outputs[2], outputs[1] * atoms)
