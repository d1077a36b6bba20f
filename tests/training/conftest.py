"""A small trial."""

from __future__ import annotations

import pytest
import torch

from ngn_core.training.job import TrainingCallbacks, TrainingJob, TrialData
from ngn_core.training.trial import train_trial


def nobody(done):
    """Watch nothing."""


@pytest.fixture
def data(prepared):
    numbers = torch.arange(len(prepared.crystals))
    return TrialData(
        prepared.graphs["CGCNN"],
        torch.tensor(prepared.crystals.target.values),
        "regression",
        numbers[:24],
        numbers[:0],
        numbers[24:],
    )


@pytest.fixture
def train(small_spec, data, tmp_path):
    """Train CGCNN on 24 alloys, and test it on 16."""
    cpu = torch.device("cpu")

    def run(
        name="trial", spec=small_spec, data=data, seed=0, on_epoch=nobody, note=nobody
    ):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        job = TrainingJob(spec, data, seed, folder, checkpoint_every=0.0)
        return train_trial(job, cpu, TrainingCallbacks(on_epoch, note=note))

    return run


@pytest.fixture
def train_until(tmp_path):
    """Train in a folder of its own up to a step, or to the end; again: go on."""

    def run(name, spec, parts, step=None):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        steps = iter(range(1, 1000))

        def stop():
            return "asked" if next(steps) == step else None

        cpu = torch.device("cpu")
        job = TrainingJob(spec, parts, 0, folder, checkpoint_every=0.0)
        return train_trial(job, cpu, TrainingCallbacks(stop=stop))

    return run
