"""M3GNet's three-body step, against loops over triplets of atoms."""

import math

import numpy as np
import pytest
import torch
from scipy.special import eval_legendre, spherical_jn

import ngn_core.api as ngn
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.network.graph import nest_levels
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.load import load_specs
from ngn_plugins.embeddings.bessel_functions import bessel_roots

CUTOFF, INNER = 4.4, 3.9
SMALL = [
    "graph.symmetry=none",
    f"graph.edges.cutoff={CUTOFF}",
    "network.embed.node.width=3",
    f"network.embed.edge.of.of.cutoff={CUTOFF}",
    "network.embed.edge.layers=[5]",
    f"network.blocks.0.nest.cutoff={INNER}",
    "network.blocks.0.repeat=1",
    "network.blocks.0.layers=[4]",
]


@pytest.fixture(scope="module")
def crystal():
    """Two atoms in a cell without symmetry; an atom sees images of itself."""
    lattice = [[3.6, 0.1, 0.0], [0.4, 3.9, 0.2], [-0.3, 0.5, 4.2]]
    return ngn.from_arrays(lattice, ["Ti", "O"], [[0.1, 0.0, 0.0], [0.5, 0.6, 0.4]])


@pytest.fixture(params=["receiver", "sender"])
def built(request, registry, crystal):
    """The network whose centers are the receivers, or the senders, and its batch."""
    first = request.param
    rule = f"graph.nest=[{{use: {first}}}]"
    assignments = [*SMALL, rule, f"network.blocks.0.first={first}"]
    (spec,) = load_specs(["m3gnet"], registry, assignments)
    torch.manual_seed(0)
    network = build_network(spec).double().eval()
    columns = stored_columns(architecture_of(spec).columns)
    columns["edge"] |= {"vector"}
    builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
    return first, network, pack([builder(crystal)]).batch(torch.arange(1))


def fade(length):
    x = length / INNER
    return 1 - 6 * x**5 + 15 * x**4 - 10 * x**3 if x < 1 else 0.0


def functions(length, cosine):
    """The nine functions of a bond's length and an angle."""
    found = []
    for degree, roots in enumerate(bessel_roots(3, 3)):
        harmonic = math.sqrt((2 * degree + 1) / (4 * math.pi))
        harmonic *= float(eval_legendre(degree, cosine))
        for root in roots:
            norm = math.sqrt(2 / CUTOFF**3) / abs(spherical_jn(degree + 1, root))
            found.append(norm * spherical_jn(degree, root * length / CUTOFF) * harmonic)
    return torch.tensor(found)


@torch.no_grad()
def test_a_bond_takes_in_the_other_bonds_of_its_center(built):
    first, network, batch = built
    embedded, _ = network.embeddings(batch.levels, batch.crystals)
    graph = nest_levels(
        batch.levels, [level.basis for level in embedded], batch.crystals
    )
    node, edge = embedded[0].features, embedded[1].features
    block = network.blocks[0]
    ends, hooks = graph.ends(node), block.hooks
    exposed = hooks.expose(edge, *ends, graph.edge.of_crystal(None), graph)
    (inner, _), _ = block.nested((exposed, None), None, graph.line)

    rows = batch.levels[1]
    sender, receiver = rows.index.tolist()
    center, far = (receiver, sender) if first == "receiver" else (sender, receiver)
    sign = 1 if first == "receiver" else -1
    bonds = (sign * rows.columns["vector"]).numpy()
    length = np.linalg.norm(bonds, axis=1)
    assert (length < INNER).any()
    assert (length > INNER).any()
    for ij, _ in enumerate(bonds):
        total = torch.zeros(9, dtype=torch.float64)
        for ik, _ in enumerate(bonds):
            if ij == ik or center[ij] != center[ik]:
                continue
            cosine = bonds[ij] @ bonds[ik] / (length[ij] * length[ik])
            seen = hooks.far(node[far[ik]]).sigmoid()
            fading = fade(length[ij]) * fade(length[ik])
            total += functions(length[ik], cosine) * seen * fading
        torch.testing.assert_close(inner[ij], total, rtol=1e-9, atol=1e-12)


@torch.no_grad()
def test_edges_beyond_the_cutoff_change_nothing(registry, crystal):
    outputs = []
    for reach in (CUTOFF, CUTOFF + 1.0):
        assignments = [*SMALL, f"graph.edges.cutoff={reach}", "network.readout=mean"]
        (spec,) = load_specs(["m3gnet"], registry, assignments)
        torch.manual_seed(0)
        network = build_network(spec).double().eval()
        columns = stored_columns(architecture_of(spec).columns)
        builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
        outputs.append(network(pack([builder(crystal)]).batch(torch.arange(1))))
    torch.testing.assert_close(*outputs, rtol=1e-12, atol=0)


@torch.no_grad()
def test_a_global_state_is_seen_by_every_bond_and_atom(registry, crystal):
    outputs = []
    for value in (0.0, 1.0):
        state = f"network.embed.state={{use: constant, values: [{value}, 0.5]}}"
        readout = "network.readout={use: mean}"  # of the atoms alone
        (spec,) = load_specs(["m3gnet"], registry, [*SMALL, state, readout])
        torch.manual_seed(0)
        network = build_network(spec).double().eval()
        assert network.blocks[0].hooks.state_width == 2
        columns = stored_columns(architecture_of(spec).columns)
        builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
        outputs.append(network(pack([builder(crystal)]).batch(torch.arange(1))))
    assert not torch.isclose(*outputs)


def test_without_a_nest_it_has_no_three_body_weights(registry):
    (spec,) = load_specs(["ablations/m3gnet_flat"], registry)
    names = [name for name, _ in build_network(spec).named_parameters()]
    assert not [name for name in names if ".far." in name or ".near." in name]


@pytest.mark.parametrize(
    ("embed", "found"),
    [
        ("edge={use: gaussian, of: length, bins: 8, stop: 5.0}", "with a basis"),
        ("angle={use: gaussian, of: angle, bins: 8, stop: 5.0}", "exposed to it"),
    ],
)
def test_what_it_lacks_is_told(registry, embed, found):
    from ngn_core.errors import SpecError

    rest = ["network.embed.angle=null"] if embed.startswith("edge") else []
    assignments = [*rest, f"network.embed.{embed}"]
    with pytest.raises(SpecError, match=found):
        build_network(load_specs(["m3gnet"], registry, assignments)[0])
