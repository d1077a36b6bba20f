"""The training loop against a loop that is written out, in float64."""

from __future__ import annotations

import copy

import pytest
import torch

from ngn_core.network.build import build_network
from ngn_core.spec.load import override_spec
from ngn_core.training.batches import Batches
from ngn_core.training.callbacks import CurveRecorder
from ngn_core.training.checkpoints import Checkpoints
from ngn_core.training.fit import fit
from ngn_core.training.loop_data import LoopData
from ngn_core.training.module import TrainingModule

CPU = torch.device("cpu")
SEED, EPOCHS = 3, 67  # of 3 steps


def plain(network, graphs, targets, train, validation, edges):
    """Return losses and rates; the network ends with its best weights."""
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    falls = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=1, threshold=0.01, eps=0.0
    )
    best, weights, losses, rates = float("inf"), None, [], []
    for epoch in range(EPOCHS):
        order = SEED * 1_000_003 + epoch
        network.train()
        for batch in Batches(train, 8, CPU, order, edges=edges[train]):
            optimizer.zero_grad()
            errors = network(graphs.batch(batch)).squeeze(1) - targets[batch]
            (errors.abs().sum() / len(batch)).backward()
            optimizer.step()
        network.eval()
        with torch.no_grad():
            errors = network(graphs.batch(validation)).squeeze(1) - targets[validation]
        losses.append(errors.abs().mean().item())
        if losses[-1] < best:
            best, weights = losses[-1], copy.deepcopy(network.state_dict())
        falls.step(losses[-1])
        rates.append(optimizer.param_groups[0]["lr"])
    network.load_state_dict(weights)
    return losses, rates


@pytest.mark.parametrize("parts", [1, 2])
def test_200_steps_by_edges_on_a_plateau_are_those_of_a_plain_loop(
    small_spec, data, registry, tmp_path, parts
):
    changes = [
        f"train.epochs={EPOCHS}",
        "train.batch_by=edges",
        "train.validation=0.2",
        "train.schedule={use: plateau, factor: 0.5, patience: 2, least: 0.01}",
        "network.blocks.0.batch_norm=false",  # it sees the parts of batches
        "network.blocks.0.repeat=1",
    ]
    spec = override_spec(small_spec, registry, changes, "here")
    torch.manual_seed(0)
    network = build_network(spec).double()
    graphs, train, validation = data.graphs, data.train[:20], data.train[20:]
    edges = graphs.levels[1].start.diff()
    targets = (data.targets - data.targets.mean()) / data.targets.std()
    wanted = copy.deepcopy(network)
    losses, rates = plain(wanted, graphs, targets, train, validation, edges)

    loaders = LoopData(train, validation, 8, SEED, CPU, parts, edges)
    options = spec.train["regression"]
    steps = 3 * EPOCHS
    module = TrainingModule(network, graphs, targets, options, steps, loaders.weight)
    curve = CurveRecorder(lambda done: None)
    fit(module, loaders, options, curve, Checkpoints(tmp_path / "checkpoint", 1e9))
    assert [row["lr"] for row in curve.rows] == pytest.approx(rates, rel=1e-12)
    assert rates[-1] < 0.01
    found = [row["validation_loss"] for row in curve.rows]
    assert found == pytest.approx(losses, abs=1e-6)  # Lightning logs float32
    for name, values in wanted.state_dict().items():
        apart = (network.state_dict()[name] - values).abs().max().item()
        assert apart <= 1e-9, name
