"""How fast a spec trains and predicts: the one way in which this is measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from ngn_core.spec.spec import Spec
from ngn_core.training.host_graphs import to_device_or_stream
from ngn_core.training.inference import infer
from ngn_core.training.job import TrainingJob, TrialData
from ngn_core.training.trial import train_trial


@dataclass(frozen=True)
class Throughput:
    """What one short training took.

    Attributes:
        train: seconds to train on a crystal, once.
        infer: seconds to predict a crystal.
        trial: seconds to begin and end a trial.
        memory: peak of the training, MiB; None where it cannot be measured.
        parameters: that are trained.
        flops: floating point operations of a prediction.
    """

    train: float
    infer: float
    trial: float
    memory: float | None
    parameters: int
    flops: float


def measure_throughput(
    spec: Spec,
    data: TrialData,
    device: torch.device,
    clock: Callable[[], float] = time.perf_counter,
) -> Throughput:
    """Return what a training of two epochs took: the first one warms up.

    Args:
        spec: architecture and training.
        data: trained on is `data.train`, predicted is `data.test`.
        device: where to train.
        clock: seconds.
    """
    begun = clock()
    with TemporaryDirectory() as folder:
        job = TrainingJob(spec.with_epochs(2), data, 0, Path(folder))
        outcome = train_trial(job, device)
    whole = clock() - begun
    epochs = [float(row["seconds"]) for row in outcome.curve]
    batch_size = spec.train[data.task].batch_size
    graphs = to_device_or_stream(data.graphs, device, torch.float32)
    seconds = []
    for _ in range(2):
        begun = clock()
        infer(outcome.network, graphs, data.test, batch_size).cpu()  # waits for a GPU
        seconds.append(clock() - begun)
    cost = outcome.cost
    return Throughput(
        train=epochs[-1] / len(data.train),
        infer=seconds[-1] / len(data.test),
        trial=max(whole - sum(epochs), 0.0),
        memory=cost["peak_memory_mib"],
        parameters=cost["parameters"],
        flops=cost["flops_per_crystal"],
    )
