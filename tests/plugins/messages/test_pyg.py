"""Layers of torch_geometric in the template."""

import math

import pytest
import torch
from torch_geometric.nn import GATv2Conv, PNAConv

from ngn_core.errors import SpecError
from ngn_core.network.build import build_network
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.recipe import recipe_of
from ngn_core.spec.load import load_specs

SHOWN = ("cgconv", "gatv2", "transformer", "gine", "nnconv", "pna")


def network_of(registry, layer):
    changes = [f"network.blocks.0={{repeat: 1, use: pyg, layer: {layer}}}"]
    return build_network(*load_specs(["pyg/cgconv"], registry, changes))


def problem_of(registry, text, *assignments):
    changes = [f"network.blocks.0={{repeat: 1, use: pyg, {text}}}", *assignments]
    with pytest.raises(SpecError) as raised:
        build_network(*load_specs(["pyg/cgconv"], registry, changes))
    return str(raised.value)


@pytest.fixture(scope="module")
def built(registry, alloys):
    def build(*assignments):
        (spec,) = load_specs(["pyg/cgconv"], registry, assignments)
        recipe = recipe_of(spec, registry)
        found = build_graphs(
            alloys.ids[:12], alloys.crystals[:12], recipe, None, lambda done: None
        )
        return found.graphs

    return build


@pytest.mark.parametrize("name", SHOWN)
def test_the_layer_in_the_template_is_the_layer_alone(registry, built, name):
    # on plain graphs the template adds nothing but softplus and what came in
    (spec,) = load_specs([f"pyg/{name}"], registry)
    network = build_network(spec).double().eval()
    batch = built("graph.symmetry=none").to("cpu", torch.float64)
    batch = batch.batch(torch.arange(12))
    embedded, _ = network.embeddings(batch.levels, batch.crystals)
    node, edge = (level.features for level in embedded)
    index = batch.levels[1].index
    for block in network.blocks:
        alone = torch.nn.functional.softplus(block.hooks.layer(node, index, edge))
        node = node + alone
    pooled = network.readout([(node, edge, None)], _Graph(batch))
    expected = network.head(pooled)
    torch.testing.assert_close(network(batch), expected, rtol=1e-12, atol=1e-12)


class _Graph:
    def __init__(self, batch):
        self.node, self.edge = batch.levels
        self.crystals = batch.crystals


def test_loops_to_an_atoms_own_image_are_kept(registry):
    network = network_of(registry, "GATv2Conv")
    layer = network.blocks[0].hooks.layer
    assert isinstance(layer, GATv2Conv)
    assert layer.add_self_loops is False
    index = torch.tensor([[0], [0]])  # an atom and its own image
    node, edge = torch.randn(1, 64), torch.randn(1, 41)
    with_loop = layer(node, index, edge)
    without = layer(node, index[:, :0], edge[:0])
    assert (with_loop - without).abs().max() > 1e-3


def test_the_degrees_of_pna_come_from_the_training_part_weighted(registry, built):
    plain, merged = built("graph.symmetry=none"), built("graph.symmetry=asymmetric")
    (spec,) = load_specs(["pyg/pna"], registry)
    networks = []
    for graphs in (plain, merged):
        network = build_network(spec)
        whole = graphs.to("cpu", torch.float32)
        network.observe(whole.batch(part) for part in torch.arange(10).split(4))
        networks.append(network)
    batch = plain.batch(torch.arange(10))
    degree = torch.bincount(
        batch.levels[1].index[1], minlength=len(batch.levels[0].weight)
    )
    expected = [
        degree.double().mean().item(),
        (degree + 1).double().log().mean().item(),
    ]
    assert len(degree.unique()) > 1
    for network in networks:
        for block in network.blocks:
            assert isinstance(block.hooks.layer, PNAConv)
            scaler = block.hooks.layer.aggr_module
            found = [scaler.avg_deg_lin.item(), scaler.avg_deg_log.item()]
            assert found == pytest.approx(expected, rel=1e-6)
    fresh = build_network(spec)
    fresh.load_state_dict(networks[0].state_dict())
    scaler = fresh.blocks[0].hooks.layer.aggr_module
    assert scaler.avg_deg_lin.item() == pytest.approx(expected[0], rel=1e-6)


def test_the_default_of_the_degrees_is_one_edge(registry):
    (spec,) = load_specs(["pyg/pna"], registry)
    scaler = build_network(spec).blocks[0].hooks.layer.aggr_module
    assert scaler.avg_deg_lin.item() == 1
    assert scaler.avg_deg_log.item() == pytest.approx(math.log(2))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("layer: GATv2Cnv", "did you mean GATv2Conv?"),
        ("layer: GCNConv", "takes edge_attr"),
        ("layer: GATv2Conv, head: 4", "did you mean heads?"),
        ("layer: GATv2Conv, heads: many", "`heads` of type int, found 'many'"),
        ("layer: GATv2Conv, add_self_loops: true", "is a real edge"),
        ("layer: GATv2Conv, edge_dim: 3", "comes from the edges' features"),
        ("layer: CGConv, batch_norm: true", "how many atoms one node stands for"),
        ("layer: GINEConv", "`nn` for GINEConv"),
        ("layer: GINEConv, nn: wide", "widths of its hidden layers"),
        ("layer: PNAConv, aggregators: [mean], scalers: [identity], deg: [1]", "part"),
        ("layer: PNAConv, aggregators: [mean]", "`scalers` for PNAConv"),
        ("layer: TransformerConv, flow: target_to_source", "`flow`"),
        ("layer: GENConv", "averages over a batch"),
        ("layer: CGConv, width: 12", "keeps the nodes' own"),
        ("layer: GeneralConv, in_edge_channels: 3", "comes from the edges' features"),
        ("layer: GINEConv, nn: [0]", "widths of its hidden layers"),
        (
            "layer: PNAConv, aggregators: [mean], scalers: [identity], towers: 0",
            "arguments that PNAConv can be built from",
        ),
    ],
)
def test_what_a_layer_cannot_take_is_refused_with_a_sentence(registry, written, said):
    assert said in problem_of(registry, written)


def test_a_layer_that_needs_features_says_so_where_edges_have_none(registry):
    bare = "network.embed.edge=null"
    said = problem_of(registry, "layer: GINEConv, nn: [8]", bare)
    assert "edges with no features" in said
    assert "and edges with features" in problem_of(registry, "layer: CGConv", bare)


def test_a_layer_reads_edges_whatever_it_calls_their_width(registry):
    layer = network_of(registry, "GeneralConv").blocks[0].hooks.layer
    index, edges = torch.tensor([[0, 1], [1, 0]]), torch.randn(2, 41)
    node = torch.randn(2, 64)
    apart = layer(node, index, edges) - layer(node, index, edges + 1)
    assert apart.abs().max() > 1e-3


def test_orbits_are_refused_with_the_reason(registry):
    said = problem_of(registry, "layer: CGConv", "graph.symmetry=orbits")
    assert "graph.symmetry" in said
    assert "sums each edge once" in said


def test_the_layers_own_arguments_are_part_of_the_resolved_spec(registry):
    (spec,) = load_specs(["pyg/gatv2"], registry, ["network.blocks.0.heads=2"])
    block = spec.resolved()["network"]["blocks"][0]
    assert block["heads"] == 2
    assert block["layer"] == "GATv2Conv"
