"""Every shipped spec, in every folder, becomes a network that learns from crystals."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
import torch

import ngn_core.api as ngn
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.library import shipped_specs, spec_folder
from ngn_core.spec.load import load_specs

ARCHITECTURES = sorted(file.stem for file in spec_folder().glob("*.yaml"))
NETWORKS = [name for name in shipped_specs() if not name.startswith("baselines/")]
EDGES = (
    "{use: radius, cutoff: 5.0}",
    "{use: knn, neighbors: 12, both_ways: true}",
    "{use: voronoi, min_area: 1.0e-6, max_length: 5.0}",
)


@pytest.fixture(scope="module")
def crystals():
    """A perovskite whose orbits differ in size, and a metal of one atom."""
    oxide = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    metal = 1.8 * (np.ones((3, 3)) - np.eye(3))
    return [
        ngn.from_arrays(3.9 * np.eye(3), ["Sr", "Ti", "O", "O", "O"], oxide),
        ngn.from_arrays(metal, ["Cu"], [[0, 0, 0]]),
    ]


@pytest.fixture(scope="module")
def graphs_of(crystals):
    """A function: the graphs of a spec's network."""

    def build(spec):
        columns = stored_columns(architecture_of(spec).columns)
        builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
        return pack([builder(crystal) for crystal in crystals]).to("cpu", torch.float32)

    return build


@pytest.mark.parametrize("name", NETWORKS)
def test_a_shipped_spec_learns_from_two_crystals(name, registry, graphs_of):
    if name.startswith("pyg/") and importlib.util.find_spec("torch_geometric") is None:
        pytest.skip("torch_geometric is not installed")
    (spec,) = load_specs([name], registry)
    learn(spec, graphs_of)


@pytest.mark.parametrize("edges", EDGES)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_learns_on_every_kind_of_edges(
    name, edges, registry, graphs_of
):
    lengths = "{use: gaussian, of: length, bins: 32, stop: 8.0}"
    embed = f"network.embed.edge={{use: concat, of: [{lengths}], width: 160}}"
    changes = [f"graph.edges={edges}", *([embed] if name == "congn" else [])]
    (plain,) = load_specs([name], registry)
    (spec,) = load_specs([name], registry, changes)
    assert [b.use for b in spec.network.blocks] == [b.use for b in plain.network.blocks]
    learn(spec, graphs_of)


def learn(spec, graphs_of):
    """Check that a step of training changes the outputs of a spec's network."""
    torch.manual_seed(0)
    network = build_network(spec)
    batch = graphs_of(spec).batch(torch.arange(2))
    network.observe([batch])
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-5)
    targets = torch.tensor([[-1.0], [1.0]])
    outputs = []
    for _ in range(2):
        outputs.append(network.train()(batch))
        optimizer.zero_grad()
        (outputs[-1] - targets).square().sum().backward()
        optimizer.step()
    before, after = outputs
    assert after.shape == (2, 1)
    assert after.isfinite().all()
    assert (after != before).all()
    assert after[0] != after[1]
    parameters = list(network.parameters())
    trained = [p for p in parameters if p.grad is not None]
    assert all(p.grad.isfinite().all() for p in trained)
    share = sum(map(torch.numel, trained)) / sum(map(torch.numel, parameters))
    assert share > 0.99  # ALIGNN's last block normalizes edges that nobody reads
