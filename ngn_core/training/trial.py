"""Training and testing one trial, with a checkpoint to go on from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from ngn_core.spec.spec import Spec
from ngn_core.training.callbacks import Judge
from ngn_core.training.checkpoints import Say, StopReason, go_on, say_nothing
from ngn_core.training.distributed.train import train_distributed
from ngn_core.training.job import Ears, Job, Outcome, TrialData
from ngn_core.training.logs import LogName
from ngn_core.training.micro_batches import train_in_micro_batches
from ngn_core.training.train import train


def train_trial(
    spec: Spec,
    data: TrialData,
    seed: int,
    device: torch.device,
    folder: Path,
    watch: Callable[[int], None],
    checkpoint_every: float = 10.0,
    judge: Judge | None = None,
    stop: StopReason = go_on,
    say: Say = say_nothing,
    log: LogName | None = None,
    devices: int = 1,
) -> Outcome:
    """Train a spec's network from its checkpoint in `folder`, or afresh, and test it.

    Args:
        spec: architecture and training.
        data: graphs, targets and parts.
        seed: of the weights and the order of batches.
        device: where to train.
        folder: for the checkpoint.
        watch: is told the epochs done.
        checkpoint_every: seconds between two checkpoints.
        judge: is told the validation loss of each epoch, and may raise.
        stop: is asked after each step why to end there, and may raise.
        say: is told where a checkpoint is damaged, and from where training goes on.
        log: what the learning curve is written for, too, into `folder`.
        devices: over which each batch is shared, GPUs or processes of the CPU; the
            outcome is the same but for rounding, and for what is drawn in dropout.

    Raises:
        Stopped: where the training is to end; the checkpoint is written.
        TrialError: where the loss or an output is no number any more, or the memory
            too small.
    """
    ears = Ears(watch, judge, stop, say)

    def in_parts(micro_batches: int) -> Outcome:
        job = Job(spec, data, seed, folder, checkpoint_every, micro_batches, log)
        if devices > 1:
            return train_distributed(devices, job, device, ears)
        outcome = train(job, device, ears)
        assert outcome is not None
        return outcome

    return train_in_micro_batches(in_parts, spec.train[data.task].batch_size)
