"""Training and testing one trial, with a checkpoint to go on from."""

from __future__ import annotations

from dataclasses import replace

import torch

from ngn_core.training.distributed.train import train_distributed
from ngn_core.training.job import TrainingCallbacks, TrainingJob, TrainingResult
from ngn_core.training.micro_batches import train_in_micro_batches
from ngn_core.training.train import train

_NOBODY = TrainingCallbacks()


def train_trial(
    job: TrainingJob,
    device: torch.device,
    callbacks: TrainingCallbacks = _NOBODY,
    devices: int = 1,
) -> TrainingResult:
    """Train a spec's network from its checkpoint in the folder, or afresh, and test it.

    Args:
        job: what is trained, and on what.
        device: where to train.
        callbacks: who is told, and asked.
        devices: over which each batch is shared, GPUs or processes of the CPU; the
            result is the same but for rounding, and for what is drawn in dropout.

    Raises:
        Stopped: where the training is to end; the checkpoint is written.
        TrialError: where the loss or an output is no number any more, or the memory
            too small.
    """

    def in_parts(micro_batches: int) -> TrainingResult:
        cut = replace(job, micro_batches=micro_batches)
        if devices > 1:
            return train_distributed(devices, cut, device, callbacks)
        result = train(cut, device, callbacks)
        assert result is not None
        return result

    return train_in_micro_batches(in_parts, job.spec.train[job.data.task].batch_size)
