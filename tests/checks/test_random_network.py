"""The network that is checked has random weights everywhere, and only there."""

from __future__ import annotations

import torch

from ngn_core.checks.graphs import Graphs
from ngn_core.checks.random_network import RandomNetwork
from ngn_core.spec.load import load_specs

COLUMNS = {
    "node": frozenset({"atomic_number"}),
    "edge": frozenset({"vector", "length"}),
}


def test_nothing_starts_at_a_constant(registry):
    (spec,) = load_specs(["cgcnn"], registry)
    network = RandomNetwork(spec, 0).network
    for name, value in [*network.named_parameters(), *network.named_buffers()]:
        assert value.numel() == 1 or value.unique().numel() > 1, name
    variances = [v for n, v in network.named_buffers() if n.endswith("running_var")]
    assert variances
    assert all(bool((variance > 0).all()) for variance in variances)


def test_a_seed_means_the_same_weights_and_takes_no_random_number(registry):
    (spec,) = load_specs(["cgcnn"], registry)
    torch.manual_seed(7)
    before = torch.get_rng_state()
    one, two, other = (RandomNetwork(spec, seed).network for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), before)
    vectors = [
        torch.nn.utils.parameters_to_vector(network.parameters())
        for network in (one, two, other)
    ]
    assert torch.equal(vectors[0], vectors[1])
    assert not torch.equal(vectors[0], vectors[2])


def test_a_step_leaves_the_network_as_it_is(mistaken, few):
    spec = mistaken("plain batch norm")
    subject, graphs = RandomNetwork(spec, 0), Graphs(spec, COLUMNS, 0)
    built = graphs.build(dict(zip(few.ids, few.crystals, strict=True)))
    batch = graphs.batch(built.graphs, few.ids)
    before = {n: v.clone() for n, v in subject.network.state_dict().items()}
    step = subject.step(batch, 0.0, 1.0)
    after = subject.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(parameter.grad is None for parameter in subject.network.parameters())
    assert step.gradients.keys() == dict(subject.network.named_parameters()).keys()
    mean = "blocks.0.hooks.norm.running_mean"
    assert not torch.equal(step.statistics[mean], before[mean])
    assert torch.equal(subject.step(batch, 0.0, 1.0).outputs, step.outputs)
