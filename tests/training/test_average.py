"""Laws of the running mean of the weights."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from ngn_core.network.batch_norm import BatchNorm
from ngn_core.spec.load import resolve_spec
from ngn_core.training.average import Average
from ngn_core.training.inference import infer


def averaged(spec, registry, *changes):
    return resolve_spec(
        spec.resolved(), registry, "test", ["train.average=0.9", *changes]
    )


def losses(outcome):
    return [row["train_loss"] for row in outcome.curve]


@pytest.fixture
def network():
    torch.manual_seed(3)
    return nn.ModuleList([nn.Linear(2, 3), BatchNorm(3)])


def stepped(network, average, steps):
    """Change the weights as an optimizer might; return every value at every step."""
    values = []
    for step in range(1, steps + 1):
        for value in network.state_dict().values():
            value.add_(torch.randn_like(value))
        average.on_train_batch_end(SimpleNamespace(global_step=step))
        values.append({k: v.double() for k, v in network.state_dict().items()})
    return values


def test_the_mean_is_the_sum_that_the_definition_says(network):
    start = {name: value.double() for name, value in network.state_dict().items()}
    average = Average(network, 0.6)
    steps = stepped(network, average, 40)
    decays = [min(0.6, t / (10 + t)) for t in range(1, 41)]
    average.put_in()
    for name, value in network.state_dict().items():
        share, expected = 1.0, 0.0
        for decay, values in zip(reversed(decays), reversed(steps), strict=True):
            expected = expected + share * (1 - decay) * values[name]
            share *= decay
        expected = expected + share * start[name]
        assert torch.allclose(value.double(), expected, atol=1e-5), name


def test_running_statistics_are_averaged_with_the_weights(network):
    average = Average(network, 0.9)
    assert {"1.running_mean", "1.running_var"} <= average.means.keys()


def test_a_batch_without_an_optimizer_step_changes_nothing(network):
    average = Average(network, 0.9)
    stepped(network, average, 3)
    before = {name: mean.clone() for name, mean in average.means.items()}
    average.on_train_batch_end(SimpleNamespace(global_step=3))
    assert all(torch.equal(mean, average.means[name]) for name, mean in before.items())


def test_validation_leaves_the_weights_as_they_were(network):
    average = Average(network, 0.9)
    (*_, last) = stepped(network, average, 5)
    average.on_validation_epoch_start()
    seen = {name: value.clone() for name, value in network.state_dict().items()}
    average.on_validation_epoch_end()
    for name, value in network.state_dict().items():
        assert torch.equal(value.double(), last[name])
        assert torch.equal(seen[name], average.means[name])
        assert not torch.equal(seen[name], value)


def test_it_changes_the_tested_weights_and_not_the_training(
    train, small_spec, registry
):
    plain = train("plain")
    mean = train("mean", spec=averaged(small_spec, registry))
    assert losses(plain) == losses(mean)
    assert not torch.allclose(plain.predictions, mean.predictions)


def test_a_short_memory_tests_almost_the_last_weights(train, small_spec, registry):
    plain = train("plain")
    spec = resolve_spec(small_spec.resolved(), registry, "test", ["train.average=1e-6"])
    mean = train("mean", spec=spec)
    assert torch.allclose(plain.predictions, mean.predictions, rtol=1e-4, atol=1e-4)


def test_an_interrupted_mean_ends_as_the_uninterrupted_one(train, small_spec, registry):
    spec = averaged(small_spec, registry)
    whole = train("whole", spec=spec)

    def interrupt(done):
        if done > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("broken", spec=spec, on_epoch=interrupt)
    resumed = train("broken", spec=spec)
    assert torch.equal(whole.predictions, resumed.predictions)


def test_the_best_means_by_validation_are_kept(train, small_spec, registry, data):
    changes = ["train.validation=0.25", "train.optimizer.lr=0.1"]
    changes += ["train.average=0.5"]
    spec = averaged(small_spec, registry, *changes).with_epochs(12)
    parts = replace(data, train=data.train[6:], validation=data.train[:6])
    outcome = train(spec=spec, data=parts)
    validation = [row["validation_loss"] for row in outcome.curve]
    assert min(validation) < validation[-1]
    output = infer(
        outcome.network, data.graphs.to("cpu", torch.float32), parts.validation, 8
    )
    target = outcome.scaling.scaled(data.targets[parts.validation])
    found = (output - target).abs().mean().item()
    assert found == pytest.approx(min(validation), rel=1e-4)
