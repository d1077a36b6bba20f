"""Training one network over several devices, each with a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.nn.modules.batchnorm import _BatchNorm

from ngn_core.errors import TrialError
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.plugin.file import plugin_file
from ngn_core.training.distributed.collectives import own_rank
from ngn_core.training.distributed.launch import launch_workers
from ngn_core.training.distributed.worker import Ask
from ngn_core.training.job import TrainingCallbacks, TrainingJob, TrainingResult
from ngn_core.training.train import train


def train_distributed(
    devices: int,
    job: TrainingJob,
    device: torch.device,
    callbacks: TrainingCallbacks,
) -> TrainingResult:
    """Train with every batch shared by several devices, and test.

    Raises:
        Stopped: where the training is to end; the checkpoint is written.
        TrialError: where the loss or an output is no number any more, a process is
            lost, or the network cannot be trained so.
    """
    spec = job.spec
    network = build_network(spec)
    _check_shareable(network, devices)
    files = (plugin_file(use.component) for use in spec.components(job.data.task))
    plugins = dict.fromkeys(file for file in files if file is not None)
    answers: dict[str, Callable[..., Any]] = {
        "on_epoch": callbacks.on_epoch,
        "stop": callbacks.stop,
        "note": callbacks.note,
    }
    if callbacks.pruner is not None:
        answers["pruner"] = callbacks.pruner
    share = partial(_train_share, asked=tuple(answers))
    weights, *rest = launch_workers(share, job, device, devices, answers, list(plugins))
    network.load_state_dict(weights)
    return TrainingResult(network.to(device), *rest)


def _train_share(
    job: TrainingJob, device: torch.device, ask: Ask, asked: tuple[str, ...]
) -> tuple[Any, ...] | None:
    """Train as one of several processes; return the first one's result, in parts."""
    callbacks = TrainingCallbacks()
    if own_rank() == 0:
        callbacks = TrainingCallbacks(**{name: partial(ask, name) for name in asked})
    found = train(job, device, callbacks)
    if found is None:
        return None
    state = found.network.state_dict()
    weights = {name: values.cpu() for name, values in state.items()}
    rest = found.scaling, found.predictions, found.curve, found.cost, found.rounded
    return weights, *rest


def _check_shareable(network: Network, devices: int) -> None:
    """Check that nothing in a network sees the batch of one device alone.

    Raises:
        TrialError: naming what does.
    """
    for name, module in network.named_modules():
        if isinstance(module, _BatchNorm):
            raise TrialError(
                f"--devices {devices}: {name} is torch's {type(module).__name__}, "
                "which would normalize over each device's share of a batch; expected "
                "ngn.BatchNorm, or one device"
            )
