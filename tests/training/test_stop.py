"""A training that is asked to end does so at the next step, and goes on from there."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest
import torch

from ngn_core.errors import TrialError
from ngn_core.spec.load import override_spec
from ngn_core.training.job import TrainingCallbacks, TrainingJob
from ngn_core.training.module import TrainingModule
from ngn_core.training.stop import Stop, Stopped
from ngn_core.training.trial import train_trial

CPU = torch.device("cpu")


@pytest.fixture
def stoppable(small_spec, data, tmp_path):
    """Train on 24 alloys, 3 steps an epoch, up to a step, or to the end."""

    def run(name, step=None, spec=small_spec, data=data):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        steps = iter(range(1, 1000))

        def stop():
            return "asked" if next(steps) == step else None

        job = TrainingJob(spec, data, 0, folder, checkpoint_every=1e9)
        return train_trial(job, CPU, TrainingCallbacks(stop=stop))

    return run


def losses(outcome):
    return [(row["train_loss"], row["validation_loss"]) for row in outcome.curve]


# the stop is asked twice at the end of an epoch: after 2 steps of 3 and after all
@pytest.mark.parametrize("step", [2, 3, 18])
def test_a_training_goes_on_bit_for_bit_wherever_it_was_stopped(stoppable, step):
    whole = stoppable("whole")
    with pytest.raises(Stopped, match="asked"):
        stoppable("broken", step)
    resumed = stoppable("broken")
    assert torch.equal(whole.predictions, resumed.predictions)
    assert losses(whole) == losses(resumed)
    assert [row["epoch"] for row in resumed.curve] == [1, 2, 3, 4, 5, 6]
    assert all(0 < row["seconds"] < 600 for row in resumed.curve)


def test_a_training_stopped_at_every_second_step_ends_as_the_uninterrupted_one(
    stoppable, small_spec, data, registry
):
    # validation, mean weights and a schedule have states of their own
    spec = override_spec(
        small_spec,
        registry,
        [
            "train.epochs=3",
            "train.average=0.9",
            "train.schedule={use: linear, stop: 1.0e-5}",
        ],
        "here",
    )
    data = replace(data, train=data.train[:20], validation=data.train[20:])
    whole = stoppable("whole", spec=spec, data=data)
    stops = 0
    while True:
        try:
            resumed = stoppable("broken", 2, spec, data)
            break
        except Stopped:
            stops += 1
    assert stops >= 3
    assert torch.equal(whole.predictions, resumed.predictions)
    assert losses(whole) == losses(resumed)


@pytest.mark.parametrize("first", ["whole batches", "halves"])
def test_a_training_goes_on_with_another_memory(
    stoppable, monkeypatch, small_spec, registry, first
):
    # batches in halves where the memory is small, before the stop or after it
    original = TrainingModule.training_step

    def short(self, graphs, number):
        if len(graphs) > 4:
            raise torch.OutOfMemoryError("of this test")
        return original(self, graphs, number)

    spec = override_spec(
        small_spec,
        registry,
        ["network.blocks.0.batch_norm=false", "train.epochs=3"],
        "here",
    )
    whole = stoppable("whole", spec=spec)
    with monkeypatch.context() as patched:
        if first == "halves":
            patched.setattr(TrainingModule, "training_step", short)
        with pytest.raises(Stopped):
            stoppable("broken", 4, spec)
    with monkeypatch.context() as patched:
        if first == "whole batches":
            patched.setattr(TrainingModule, "training_step", short)
        resumed = stoppable("broken", spec=spec)
    assert resumed.cost["batch_parts"] == (1 if first == "halves" else 2)
    for a, b in zip(whole.curve, resumed.curve, strict=True):
        assert b["train_loss"] == pytest.approx(a["train_loss"], rel=1e-4)
    assert torch.allclose(resumed.predictions, whole.predictions, rtol=1e-3, atol=1e-5)


def test_a_loss_that_is_no_number_names_the_crystals_of_its_batch(
    stoppable, data, monkeypatch
):
    original, trained = TrainingModule.training_step, []

    def break_one(self, graphs, number):
        trained.append(graphs.tolist())
        if 7 in trained[-1] and len(trained) > 3:  # in the second epoch
            self.targets = self.targets.clone()
            self.targets[7] = float("nan")
        return original(self, graphs, number)

    monkeypatch.setattr(TrainingModule, "training_step", break_one)
    names = tuple(f"mp-{number}" for number in range(len(data.targets)))
    with pytest.raises(TrialError, match="loss became nan in epoch 2") as raised:
        stoppable("bad", data=replace(data, ids=names))
    bad = next(batch for batch in trained[3:] if 7 in batch)
    place = trained[3:].index(bad) + 1
    listed = ", ".join(f"mp-{number}" for number in bad)
    assert f"first in its batch {place}, of {listed};" in str(raised.value)


def test_a_stop_is_followed_at_once_where_nothing_would_be_lost():
    stop = Stop()
    with pytest.raises(Stopped, match="SIGTERM"):
        stop.ask("SIGTERM")


def test_a_stop_waits_for_the_next_step():
    stop, steps = Stop(), []
    with pytest.raises(Stopped, match="SIGTERM"), stop.at_next_step():  # noqa: PT012
        stop.ask("SIGTERM")
        steps.append(stop.reason)
    assert steps == ["SIGTERM"]


def test_sigterm_is_left_to_who_handles_it(train):
    # Lightning would end the training at once, and with nothing saved
    came, before = [], signal.getsignal(signal.SIGTERM)

    def kill(done):
        if done == 2:
            signal.raise_signal(signal.SIGTERM)

    try:
        signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
        outcome = train("killed", on_epoch=kill)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert came == [signal.SIGTERM]
    assert torch.equal(outcome.predictions, train("whole").predictions)
