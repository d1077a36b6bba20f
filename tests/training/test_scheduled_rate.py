"""A schedule that watches the validation loss, in a training."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ngn_core.spec.load import override_spec
from ngn_core.training.stop import Stopped
from ngn_plugins.training.plateau import Plateau

CPU = torch.device("cpu")
PLATEAU = "{use: plateau, factor: 0.5, patience: 1, least: 0.05}"


@pytest.fixture
def watched(small_spec, data, registry, train_until):
    """Train with a plateau, 3 steps an epoch, up to a step, or to the end."""
    changes = ["train.validation=0.2", f"train.schedule={PLATEAU}", "train.epochs=8"]
    spec = override_spec(small_spec, registry, changes, "here")
    parts = replace(data, train=data.train[:20], validation=data.train[20:])

    def run(name, step=None):
        return train_until(name, spec, parts, step)

    return run


def rows(outcome):
    return [
        (row["train_loss"], row["validation_loss"], row["lr"]) for row in outcome.curve
    ]


def test_the_rate_of_each_epoch_is_what_the_losses_before_it_ask_for(watched):
    curve = watched("whole").curve
    losses = [row["validation_loss"] for row in curve]
    plateau = Plateau(Plateau.Options(factor=0.5, patience=1, least=0.05))
    wanted = [plateau.after(losses[: done + 1], 0.01) for done in range(len(curve))]
    assert [row["lr"] for row in curve] == wanted
    assert wanted[-1] < 0.01  # it did fall


@pytest.mark.parametrize("step", [2, 7, 12])
def test_the_rate_goes_on_bit_for_bit_wherever_it_was_stopped(watched, step):
    whole = watched("whole")
    with pytest.raises(Stopped):
        watched("broken", step)
    resumed = watched("broken")
    assert rows(resumed) == rows(whole)
    assert torch.equal(resumed.predictions, whole.predictions)
