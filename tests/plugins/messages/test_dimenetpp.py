import pytest
import torch
from pymatgen.core import Lattice, Structure

import ngn_core.api as ngn
from ngn_core.errors import SpecError
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.load import load_specs
from ngn_plugins.messages.dimenetpp import DimeNetPP, DimeNetPPTriplet

SMALL = [
    "network.embed.node.width=8",
    "network.embed.edge.cutoff=3.5",
    "network.blocks.1.repeat=2",
]


@torch.no_grad()
def test_edges_beyond_the_cutoff_change_nothing(registry):
    oxide = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0]]
    cubic = Lattice.cubic(3.90)
    crystal = Structure.from_spacegroup("Pm-3m", cubic, ["Sr", "Ti", "O"], oxide)
    outputs, edges = [], []
    for radius in (3.5, 4.2):
        assignments = [*SMALL, f"graph.edges.cutoff={radius}"]
        (spec,) = load_specs(["dimenetpp"], registry, assignments)
        torch.manual_seed(0)
        network = build_network(spec).double().eval()
        for block in network.blocks:
            torch.nn.init.normal_(block.hooks.output.weight)
        columns = stored_columns(architecture_of(spec).columns)
        builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
        graph = builder(ngn.from_pymatgen(crystal))
        edges.append(len(graph.levels[1]))
        outputs.append(network(pack([graph]).batch(torch.tensor([0]))))
    assert edges[0] < edges[1]
    assert outputs[0].abs() > 1e-6
    torch.testing.assert_close(outputs[1], outputs[0], rtol=1e-12, atol=1e-14)


def test_edges_and_angles_without_bessel_functions_are_refused():
    with pytest.raises(ValueError, match="use: bessel"):
        DimeNetPP(DimeNetPP.Options(), ngn.Dims(8, 8, None, 6))
    with pytest.raises(ValueError, match="angles with a basis"):
        DimeNetPPTriplet(DimeNetPPTriplet.Options(), ngn.Dims(8, None))


def test_an_interaction_without_triplets_is_refused(registry):
    flat = ["graph.nest=[]", "network.embed.angle=null", "network.blocks.1.nest=null"]
    (spec,) = load_specs(["dimenetpp"], registry, flat)
    with pytest.raises(SpecError, match="blocks.1.*a nest on edges"):
        build_network(spec)


def test_an_interaction_needs_the_embedding_block_before_it(registry):
    block = "[{use: dimenetpp, nest: {on: edges, use: dimenetpp_triplet}}]"
    (spec,) = load_specs(["dimenetpp"], registry, [f"network.blocks={block}"])
    with pytest.raises(SpecError, match="begin with `dimenetpp_embedding`"):
        build_network(spec)
