"""PaiNN's features: scalars stay and vectors turn when the crystal turns."""

import pytest
import torch
from scipy.spatial.transform import Rotation

import ngn_core.api as ngn
from ngn_core.errors import SpecError
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.network.graph import nest_levels
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.load import load_specs
from ngn_plugins.messages.painn import ScalarVector

SMALL = ["network.embed.node.width=6", "network.blocks.0.repeat=2"]


@pytest.fixture
def network(registry):
    (spec,) = load_specs(["painn"], registry, SMALL)
    torch.manual_seed(0)
    return spec, build_network(spec).double().eval()


@torch.no_grad()
def features(spec, network, turn):
    lattice = torch.tensor([[3.6, 0.1, 0.0], [0.4, 3.9, 0.2], [-0.3, 0.5, 4.2]])
    lattice = lattice.double() @ turn
    frac = [[0.1, 0.0, 0.0], [0.5, 0.6, 0.4]]
    crystal = ngn.from_arrays(lattice.numpy(), ["Ti", "O"], frac)
    columns = stored_columns(architecture_of(spec).columns)
    builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
    batch = pack([builder(crystal)]).batch(torch.arange(1))
    embedded, _ = network.embeddings(batch.levels, batch.crystals)
    graph = nest_levels(
        batch.levels, [level.basis for level in embedded], batch.crystals
    )
    levels = tuple(level.features for level in embedded)
    (node, _), _ = network.blocks(levels, None, graph)
    return node


@pytest.mark.parametrize("mirrored", [False, True])
def test_scalars_stay_and_vectors_turn(network, mirrored):
    turn = torch.from_numpy(Rotation.from_rotvec([0.3, -1.1, 0.7]).as_matrix())
    turn = -turn if mirrored else turn
    as_it_is = features(*network, torch.eye(3).double())
    turned = features(*network, turn)
    assert isinstance(turned, ScalarVector)
    assert as_it_is.vector.abs().min() > 1e-6
    torch.testing.assert_close(turned.scalar, as_it_is.scalar)
    vector = torch.einsum("xy,nxf->nyf", turn, as_it_is.vector)
    torch.testing.assert_close(turned.vector, vector)


@pytest.mark.parametrize("symmetry", ["asymmetric", "orbits"])
def test_quotients_are_refused_in_a_sentence(registry, symmetry):
    (spec,) = load_specs(["painn"], registry, [f"graph.symmetry={symmetry}"])
    with pytest.raises(SpecError, match=f"{symmetry}.*painn uses directions"):
        build_network(spec)


def test_a_block_that_does_not_know_the_vectors_is_refused(registry):
    blocks = "network.blocks=[{use: painn, cutoff: 5.0}, {use: schnet, cutoff: 5.0}]"
    (spec,) = load_specs(["painn"], registry, [blocks])
    with pytest.raises(SpecError, match=r"blocks\.1: .*schnet after painn.*vector"):
        build_network(spec)


@pytest.mark.parametrize("readout", ["mean", "{use: set2set}", "{use: weighted}"])
def test_any_readout_sees_the_scalars(registry, readout):
    head = "network.head={use: mlp, layers: [1]}"
    assignments = [*SMALL, f"network.readout={readout}", head]
    (spec,) = load_specs(["painn"], registry, assignments)
    network = build_network(spec).double().eval()
    crystal = ngn.from_arrays([[4, 0, 0], [0, 4, 0], [0, 0, 5]], ["Na"], [[0, 0, 0]])
    columns = stored_columns(architecture_of(spec).columns)
    builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
    assert network(pack([builder(crystal)]).batch(torch.arange(1))).shape == (1, 1)
