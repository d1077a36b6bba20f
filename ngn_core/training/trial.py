"""Training and testing one trial, with a checkpoint to go on from."""

from __future__ import annotations

import logging
import math
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch
from lightning import Callback, Trainer, seed_everything
from lightning.fabric.plugins.environments.lightning import LightningEnvironment
from lightning.pytorch.callbacks import ModelCheckpoint
from torch import Tensor

from ngn_core.data.packed import PackedGraphs
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.plugin.interfaces.dataset import Target
from ngn_core.spec.spec import Spec, TrainOptions
from ngn_core.training.average import Average
from ngn_core.training.batches import Batches
from ngn_core.training.callbacks import (
    Judge,
    LearningCurve,
    Patience,
    RandomStates,
)
from ngn_core.training.checkpoints import Checkpoints, StopReason, go_on
from ngn_core.training.flops import flops
from ngn_core.training.inference import infer
from ngn_core.training.loop_data import LoopData
from ngn_core.training.memory import PeakMemory
from ngn_core.training.module import TrainingModule
from ngn_core.training.parts import with_parts
from ngn_core.training.precision import products_in
from ngn_core.training.scaling import Scaling
from ngn_core.training.weights import check_whole

CHECKPOINT = "checkpoint.ckpt"


@dataclass(frozen=True)
class TrialData:
    """What a trial trains and tests on.

    Attributes:
        graphs: of the whole dataset, on the host.
        targets: [graphs], in the target's unit.
        task: regression or binary.
        train: numbers of the graphs trained on.
        validation: numbers of the graphs kept for validation, maybe none.
        test: numbers of the test graphs.
        declared: what is said of the target.
        counts: [graphs, elements], atoms of the given cells; None where the target
            does not need them.
        ids: of the crystals, empty where nobody needs them.
    """

    graphs: PackedGraphs
    targets: Tensor
    task: Literal["regression", "binary"]
    train: Tensor
    validation: Tensor
    test: Tensor
    declared: Target = field(default_factory=Target)
    counts: Tensor | None = None
    ids: Sequence[str] = ()

    def counts_of(self, numbers: Tensor) -> Tensor | None:
        """Return the atoms of some graphs' given cells, where the target needs them."""
        return None if self.counts is None else self.counts[numbers]


@dataclass(frozen=True)
class Outcome:
    """What a trial gave.

    Attributes:
        network: with its final weights.
        scaling: of the targets.
        predictions: [test], in the target's unit, or probabilities.
        curve: a row for each epoch.
        cost: parameters, FLOPs, times and memory.
    """

    network: Network
    scaling: Scaling
    predictions: Tensor
    curve: list[dict[str, Any]]
    cost: dict[str, Any]


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

    Raises:
        Stopped: where the training is to end; the checkpoint is written.
        TrialError: where the loss is no number any more, the checkpoint is broken, or
            the memory too small.
    """

    def train(parts: int) -> Outcome:
        return _train(
            spec,
            data,
            seed,
            device,
            folder,
            watch,
            checkpoint_every,
            judge,
            stop,
            parts,
        )

    return with_parts(train, spec.train[data.task].batch_size)


def _train(
    spec: Spec,
    data: TrialData,
    seed: int,
    device: torch.device,
    folder: Path,
    watch: Callable[[int], None],
    checkpoint_every: float,
    judge: Judge | None,
    stop: StopReason,
    parts: int,
) -> Outcome:
    """Train and test with each batch in parts, whose gradients are added up."""
    options = spec.train[data.task]
    at_once = math.ceil(options.batch_size / parts)
    seed_everything(seed, verbose=False)
    network = build_network(spec)
    train = data.targets[data.train]
    scaling = Scaling.fit(data.task, train, data.declared, data.counts_of(data.train))
    graphs = data.graphs.to(device, torch.float32)
    batches = Batches(data.train, at_once, device)
    network.observe(graphs.batch(batch) for batch in batches)
    targets = scaling.scaled(data.targets, data.counts).to(device, torch.float32)
    steps = options.epochs * math.ceil(len(data.train) / options.batch_size)
    size = options.batch_size
    loaders = LoopData(data.train, data.validation, size, seed, device, parts)
    module = TrainingModule(network, graphs, targets, options, steps, loaders.weight)
    curve = LearningCurve(watch, judge, data.ids)
    memory = PeakMemory(device)
    saves = Checkpoints(folder / CHECKPOINT, checkpoint_every, stop)
    _fit(module, loaders, options, curve, folder, saves)
    seconds = sum(float(row["seconds"] or 0) for row in curve.rows)
    peak = memory.mebibytes()
    network.to(device)
    operations = flops(network, graphs, data.test[:at_once].to(device))
    start = time.perf_counter()
    outputs = infer(network, graphs, data.test, at_once).double().cpu()
    inference = time.perf_counter() - start
    cost = {
        "parameters": sum(p.numel() for p in network.parameters() if p.requires_grad),
        "flops_per_crystal": operations,
        "train_seconds": seconds,
        "train_crystals_per_second": len(curve.rows) * len(data.train) / seconds,
        "inference_crystals_per_second": len(data.test) / inference,
        "peak_memory_mib": peak,
        "batch_parts": parts,
    }
    predictions = scaling.predictions(outputs, data.counts_of(data.test))
    return Outcome(network, scaling, predictions, curve.rows, cost)


def _fit(
    module: TrainingModule,
    loaders: LoopData,
    options: TrainOptions,
    curve: LearningCurve,
    folder: Path,
    saves: Checkpoints,
) -> None:
    """Run Lightning's loop; the module ends with the weights to keep."""
    checkpoint = saves.file
    callbacks: list[Callback] = [curve, RandomStates()]
    average = None
    if options.average is not None:
        average = Average(module.network, options.average)
        callbacks.append(average)
    best = None
    if len(loaders.validation):
        best = ModelCheckpoint(
            folder, "best", monitor="validation_loss", enable_version_counter=False
        )
        callbacks.append(best)
        if options.patience is not None:
            callbacks.append(Patience("validation_loss", patience=options.patience))
    callbacks.append(saves)
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    trainer = Trainer(
        accelerator="cuda" if loaders.device.type == "cuda" else "cpu",
        devices=[loaders.device.index or 0] if loaders.device.type == "cuda" else 1,
        max_epochs=options.epochs,
        gradient_clip_val=options.gradient_clip,
        accumulate_grad_batches=loaders.parts,
        callbacks=callbacks,
        plugins=[LightningEnvironment()],  # not a scheduler's, whatever runs us
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        reload_dataloaders_every_n_epochs=1,
        use_distributed_sampler=False,
        default_root_dir=folder,
    )
    resume = checkpoint if checkpoint.exists() else None
    if resume is not None:
        check_whole(resume)
    with warnings.catch_warnings(), products_in(options.precision):
        # Lightning advises on loaders and devices that were chosen on purpose.
        warnings.filterwarnings("ignore", module="lightning")
        warnings.filterwarnings("ignore", message=".*lr_scheduler.step.*")
        try:
            trainer.fit(module, datamodule=loaders, ckpt_path=resume, weights_only=True)
        except SystemExit as error:
            # Lightning turns Ctrl-C into this.
            raise KeyboardInterrupt from error
    if best is not None and best.best_model_path:
        saved = torch.load(best.best_model_path, weights_only=True)
        module.load_state_dict(saved["state_dict"])
        if average is not None:
            average.load_state_dict(saved["callbacks"][average.state_key])
    if average is not None:
        average.put_in()
