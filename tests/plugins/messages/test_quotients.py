"""The shipped networks see a crystal, not the way that it is written or reduced."""

import copy

import pytest
import torch
from pymatgen.core import Lattice, Structure

import ngn_core.api as ngn
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.load import load_specs

SHIPPED = pytest.mark.parametrize(
    "name",
    [
        "alignn",
        "cgcnn",
        "cogn",
        "congn",
        "dimenetpp",
        "matformer",
        "megnet",
        "ngn",
        "schnet",
    ],
)


@pytest.fixture(scope="module")
def crystals():
    """Orbits of many sizes: a perovskite, quartz; silicon in its conventional cell."""
    build, hexagonal = Structure.from_spacegroup, Lattice.hexagonal(4.91, 5.40)
    silica = [[0.4697, 0, 2 / 3], [0.4135, 0.2669, 0.7858]]
    oxide = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0]]
    structures = [
        build("Pm-3m", Lattice.cubic(3.90), ["Sr", "Ti", "O"], oxide),
        build("P3_221", hexagonal, ["Si", "O"], silica),
        build("Fd-3m", Lattice.cubic(5.43), ["Si"], [[0, 0, 0]]),
    ]
    return [ngn.from_pymatgen(structure) for structure in structures]


@pytest.fixture(scope="module")
def setting(registry, crystals):
    """A function: the network of a spec, and the graphs in a cell and symmetry."""

    def set_up(name, cell, symmetry):
        options = [f"graph.cell={cell}", f"graph.symmetry={symmetry}"]
        (spec,) = load_specs([name], registry, options)
        torch.manual_seed(0)
        network = build_network(spec).double()
        for parameter in network.parameters():
            if not parameter.any():  # at 0 it would hide what is behind it
                torch.nn.init.normal_(parameter, std=0.1)
        columns = stored_columns(architecture_of(spec).columns)
        builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
        return network, pack([builder(crystal) for crystal in crystals])

    return set_up


def trained(network, batch):
    """Outputs, gradients and statistics of a step in training."""
    network = copy.deepcopy(network).train()
    output = network(batch)
    output.square().sum().backward()
    gradients = {name: p.grad for name, p in network.named_parameters()}
    return {"output": output.detach(), **gradients, **dict(network.named_buffers())}


@SHIPPED
def test_a_quotient_trains_as_the_whole_crystal_does(setting, name):
    network, graphs = setting(name, "primitive", "none")
    every = torch.arange(3)
    wanted = trained(network, graphs.batch(every))
    for symmetry in ("asymmetric", "orbits"):
        _, reduced = setting(name, "primitive", symmetry)
        assert sum(reduced.sizes()) < sum(graphs.sizes())
        found = trained(network, reduced.batch(every))
        for key, values in wanted.items():
            torch.testing.assert_close(
                found[key],
                values,
                rtol=1e-8,
                atol=1e-10,
                msg=lambda m, k=key: f"{k}: {m}",
            )


@SHIPPED
@torch.no_grad()
def test_every_cell_and_symmetry_gives_one_prediction(setting, name):
    network, graphs = setting(name, "primitive", "none")
    network.eval()
    wanted = network(graphs.batch(torch.arange(3)))
    assert len(wanted.unique()) == 3
    for cell in ("given", "conventional", "primitive"):
        for symmetry in ("none", "asymmetric", "orbits"):
            _, graphs = setting(name, cell, symmetry)
            found = network(graphs.batch(torch.arange(3)))
            torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-10)


@SHIPPED
@torch.no_grad()
def test_a_batch_is_its_crystals_in_any_order(setting, name):
    network, graphs = setting(name, "primitive", "orbits")
    network.eval()
    wanted = network(graphs.batch(torch.tensor([2, 0, 1, 0])))
    for row, number in zip(wanted, (2, 0, 1, 0), strict=True):
        found = network(graphs.batch(torch.tensor([number])))
        torch.testing.assert_close(found[0], row, rtol=1e-10, atol=1e-12)
