"""Training on asymmetric units and on orbits is training on the crystals."""

from __future__ import annotations

import pytest
import torch

from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.spec.load import load_specs
from ngn_core.training.module import TrainingModule

STEPS = 200
BATCH = 4

COMMON = ["network.blocks.0.repeat=2", "train.optimizer.lr=0.003"]
NARROW = {
    "cogn": ["network.embed.node.width=16", "network.embed.edge.width=16"],
    "cgcnn": ["network.embed.node.width=16", "network.head.layers=[16, 1]"],
}


@pytest.mark.parametrize("name", NARROW)
def test_200_steps_in_float64_are_the_same_under_every_symmetry(name, alloys, registry):
    losses, outputs, edges = {}, {}, {}
    for symmetry in ("none", "asymmetric", "orbits"):
        assignments = [*NARROW[name], *COMMON, f"graph.symmetry={symmetry}"]
        spec = load_specs([name], registry, assignments)[0]
        torch.manual_seed(0)
        network = build_network(spec).double()
        recipe = GraphRecipe.of(spec.graph, architecture_of(spec).columns, registry)
        built = build_graphs(alloys.ids, alloys.crystals, recipe, None, lambda done: 0)
        graphs = built.graphs.to("cpu", torch.float64)
        edges[symmetry] = graphs.sizes()[1]
        losses[symmetry], outputs[symmetry] = _train(network, graphs, alloys, spec)
    assert edges["none"] > 1.5 * edges["orbits"]
    spread = outputs["none"].std()
    assert spread > 0.1  # of targets with spread 1
    for symmetry in ("asymmetric", "orbits"):
        apart = (outputs[symmetry] - outputs["none"]).abs().max()
        assert apart / spread < 1e-9
        assert (losses[symmetry] / losses["none"] - 1).abs().max() < 1e-9


def _train(network, graphs, alloys, spec):
    """Return the loss of every step, and what the network then predicts."""
    targets = torch.tensor(alloys.target.values, dtype=torch.float64)
    targets = (targets - targets.mean()) / targets.std()
    module = TrainingModule(network, graphs, targets, spec.train["regression"], STEPS)
    optimizer = module.configure_optimizers()
    if isinstance(optimizer, dict):
        optimizer = optimizer["optimizer"]
    order = torch.Generator().manual_seed(1)
    losses = []
    for step in range(STEPS):
        numbers = torch.randint(len(targets), (BATCH,), generator=order)
        loss = module.training_step(numbers, step)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    network.eval()
    with torch.no_grad():
        return torch.stack(losses), module(torch.arange(len(targets)))
