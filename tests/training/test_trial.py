"""Laws of one trial."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ngn_core.dataset.composition import atom_counts
from ngn_core.dataset.dataset import Target
from ngn_core.errors import TrialError
from ngn_core.spec.load import load_specs, resolve_spec

CPU = torch.device("cpu")


def losses(outcome):
    return [row["train_loss"] for row in outcome.curve]


def test_the_same_seed_gives_the_same_result_bit_for_bit(train):
    first, second = train("first"), train("second")
    assert torch.equal(first.predictions, second.predictions)
    assert losses(first) == losses(second)


def test_another_seed_gives_another_result(train):
    first, second = train("first"), train("second", seed=1)
    assert not torch.equal(first.predictions, second.predictions)


@pytest.mark.parametrize("stopped_after", [1, 3, 5])
def test_an_interrupted_trial_ends_as_the_uninterrupted_one(train, stopped_after):
    whole = train("whole")

    def interrupt(done):
        if done > stopped_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("broken", on_epoch=interrupt)
    seen = []
    resumed = train("broken", on_epoch=seen.append)
    assert seen == list(range(stopped_after + 1, 7))
    assert torch.equal(whole.predictions, resumed.predictions)
    assert losses(whole) == losses(resumed)
    assert [row["epoch"] for row in resumed.curve] == [1, 2, 3, 4, 5, 6]


def test_the_random_state_goes_on_after_an_interruption(train):
    def interrupt(done):
        torch.rand(done)  # what a layer with dropout would do
        if done == 3:
            raise KeyboardInterrupt

    def draw(done):
        torch.rand(done)

    train("whole2", on_epoch=draw)
    expected = torch.get_rng_state()
    with pytest.raises(KeyboardInterrupt):
        train("broken", on_epoch=interrupt)
    torch.manual_seed(99)
    train("broken", on_epoch=draw)
    assert torch.equal(torch.get_rng_state(), expected)


def test_targets_of_the_test_part_change_nothing(train, data):
    changed = data.targets.clone()
    changed[data.test] += 1000.0
    first = train("first")
    second = train("second", data=replace(data, targets=changed))
    assert torch.equal(first.predictions, second.predictions)


@pytest.mark.parametrize(
    "declared",
    [
        Target(per="cell", reference="composition"),
        Target(per="formula_unit", reference="composition"),
        Target(per="atom", transform="asinh", reference="composition"),
        Target(per="cell", transform="log1p"),
    ],
)
def test_everything_is_fitted_on_the_training_part_alone(
    train, data, prepared, declared
):
    counts = torch.from_numpy(atom_counts(prepared.crystals.crystals))
    data = replace(data, declared=declared, counts=counts)
    targets = data.targets.clone()
    targets[data.test] += 1000.0
    first = train("first", data=data)
    second = train("second", data=replace(data, targets=targets))
    assert first.scaling == second.scaling
    assert torch.equal(first.predictions, second.predictions)
    targets[data.train[0]] += 0.5
    third = train("third", data=replace(data, targets=targets))
    assert third.scaling != first.scaling


def test_shifted_and_scaled_targets_give_shifted_and_scaled_predictions(train, data):
    moved = replace(data, targets=data.targets * 50.0 - 7.0)
    first, second = train("first"), train("second", data=moved)
    expected = first.predictions * 50.0 - 7.0
    assert torch.allclose(second.predictions, expected, atol=1e-3)


def test_training_makes_the_loss_smaller(train):
    outcome = train()
    assert losses(outcome)[-1] < 0.9 * losses(outcome)[0]


def test_early_stopping_keeps_the_best_weights(train, small_spec, data, registry):
    changes = ["train.validation=0.25", "train.patience=1", "train.optimizer.lr=0.5"]
    spec = with_changes(small_spec, changes, registry)
    numbers = data.train
    outcome = train(
        spec=spec.with_epochs(50),
        data=replace(data, train=numbers[6:], validation=numbers[:6]),
    )
    validation = [row["validation_loss"] for row in outcome.curve]
    assert len(validation) < 50
    best = min(validation)
    outcome.network.eval()
    graphs = data.graphs.to(CPU, torch.float32)
    output = outcome.network(graphs.batch(numbers[:6])).squeeze(1)
    target = outcome.scaling.scaled(data.targets[numbers[:6]])
    assert (output - target).abs().mean().item() == pytest.approx(best, rel=1e-4)


def test_a_training_that_stopped_early_stays_stopped(
    train, small_spec, data, registry, monkeypatch
):
    from ngn_core.training import train as module

    changes = ["train.validation=0.25", "train.patience=1", "train.optimizer.lr=0.5"]
    spec = with_changes(small_spec, changes, registry).with_epochs(50)
    parts = replace(data, train=data.train[6:], validation=data.train[:6])
    whole = train("whole", spec=spec, data=parts)
    flops = module.flops

    def killed(*values):
        raise ZeroDivisionError("killed after the last epoch")

    monkeypatch.setattr(module, "flops", killed)
    with pytest.raises(ZeroDivisionError):
        train("broken", spec=spec, data=parts)
    monkeypatch.setattr(module, "flops", flops)
    resumed = train("broken", spec=spec, data=parts)
    assert losses(resumed) == losses(whole)
    assert torch.equal(resumed.predictions, whole.predictions)


def test_a_loss_that_is_no_number_ends_the_trial(train, data):
    targets = data.targets.clone()
    targets[data.train[0]] = float("inf")
    with pytest.raises(TrialError, match="loss became"):
        train(data=replace(data, targets=targets))


def test_binary_targets_give_probabilities(train, data):
    labels = (data.targets > data.targets.median()).double()
    outcome = train(data=replace(data, targets=labels, task="binary"))
    assert ((outcome.predictions >= 0) & (outcome.predictions <= 1)).all()
    found = train_accuracy(outcome, data, labels)
    assert found > 0.6


def train_accuracy(outcome, data, labels):
    graphs = data.graphs.to(CPU, torch.float32)
    with torch.no_grad():
        output = outcome.network(graphs.batch(data.train)).squeeze(1)
    guesses = outcome.scaling.predictions(output) > 0.5
    return (guesses == (labels[data.train] > 0.5)).double().mean().item()


def test_the_schedule_ends_at_its_stop(train, small_spec, registry):
    spec = with_changes(
        small_spec, ["train.schedule={use: linear, stop: 0.001}"], registry
    )
    rates = [row["lr"] for row in train(spec=spec).curve]
    assert rates[-1] == pytest.approx(0.001)
    assert all(early > late for early, late in zip(rates, rates[1:], strict=False))
    # a straight line from 0.01 to 0.001 over 18 steps, read after each epoch
    assert rates[2] == pytest.approx(0.01 + (0.001 - 0.01) * 9 / 18)


def test_a_clipped_gradient_changes_the_weights_less(train, small_spec, registry):
    spec = with_changes(
        small_spec, ["train.gradient_clip=1e-4", "train.optimizer.eps=1.0"], registry
    )
    free = with_changes(small_spec, ["train.optimizer.eps=1.0"], registry)
    clipped, unclipped = train("clipped", spec=spec), train("free", spec=free)
    assert abs(losses(clipped)[-1] - losses(clipped)[0]) < abs(
        losses(unclipped)[-1] - losses(unclipped)[0]
    )


def test_costs_are_measured(train):
    cost = train().cost
    assert cost["parameters"] > 0
    assert cost["flops_per_crystal"] > cost["parameters"]
    assert cost["train_crystals_per_second"] > 0
    assert cost["inference_crystals_per_second"] > 0


def with_changes(spec, changes, registry):
    return resolve_spec(spec.resolved(), registry, "test", changes)


def test_a_spec_can_be_resolved_from_what_it_says(registry):
    spec = load_specs(["congn"], registry)[0]
    assert with_changes(spec, [], registry).resolved() == spec.resolved()
