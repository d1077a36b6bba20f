"""Learning curves in TensorBoard's files: the same numbers, and the same training."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ngn_core.training.job import TrainingJob
from ngn_core.training.logs import EVENTS
from ngn_core.training.trial import train_trial

CPU = torch.device("cpu")
events = pytest.importorskip(
    "tensorboard.backend.event_processing.event_accumulator",
    reason="tensorboard is not installed",
)


def test_the_curve_is_written_epoch_by_epoch_and_nothing_else_changes(
    small_spec, data, tmp_path
):
    parts = replace(data, train=data.train[:20], validation=data.train[20:])
    outcomes = {}
    for log in (None, "tensorboard"):
        folder = tmp_path / str(log)
        folder.mkdir()
        job = TrainingJob(small_spec, parts, 0, folder, log=log)
        outcomes[log] = train_trial(job, CPU)
    assert not list((tmp_path / "None").glob(f"{EVENTS}*"))
    plain, logged = outcomes[None], outcomes["tensorboard"]
    assert torch.equal(plain.predictions, logged.predictions)
    found = events.EventAccumulator(str(tmp_path / "tensorboard"))
    found.Reload()
    for name in ("train_loss", "validation_loss", "lr", "seconds"):
        scalars = found.Scalars(name)
        assert [one.step for one in scalars] == [1, 2, 3, 4, 5, 6]
        wanted = [row[name] for row in logged.curve]
        assert [one.value for one in scalars] == pytest.approx(wanted, rel=1e-6)
