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
from torch import Tensor

from ngn_core.data.packed import PackedGraphs
from ngn_core.errors import TrialError
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.plugin.interfaces.dataset import Target
from ngn_core.spec.spec import Spec, TrainOptions
from ngn_core.training.average import Average
from ngn_core.training.batches import Batches
from ngn_core.training.best import Best
from ngn_core.training.callbacks import (
    Judge,
    LearningCurve,
    Patience,
    RandomStates,
    Signals,
)
from ngn_core.training.checkpoints import (
    Checkpoints,
    Say,
    StopReason,
    go_on,
    say_nothing,
)
from ngn_core.training.flops import flops
from ngn_core.training.inference import infer
from ngn_core.training.logs import CurveLog, LogName, logger_of
from ngn_core.training.loop_data import LoopData
from ngn_core.training.memory import PeakMemory
from ngn_core.training.module import TrainingModule
from ngn_core.training.parts import with_parts
from ngn_core.training.precision import products_in
from ngn_core.training.scaling import Scaling
from ngn_core.training.streamed import Streamed, placed

CHECKPOINT = "checkpoint.ckpt"
_LISTED = 5


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
    say: Say = say_nothing,
    log: LogName | None = None,
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

    Raises:
        Stopped: where the training is to end; the checkpoint is written.
        TrialError: where the loss or an output is no number any more, or the memory
            too small.
    """

    def train(parts: int) -> Outcome:
        saves = Checkpoints(folder / CHECKPOINT, checkpoint_every, stop, say)
        return _train(spec, data, seed, device, saves, watch, judge, parts, log)

    return with_parts(train, spec.train[data.task].batch_size)


def _train(
    spec: Spec,
    data: TrialData,
    seed: int,
    device: torch.device,
    saves: Checkpoints,
    watch: Callable[[int], None],
    judge: Judge | None,
    parts: int,
    log: LogName | None,
) -> Outcome:
    """Train and test with each batch in parts, whose gradients are added up."""
    options = spec.train[data.task]
    at_once = math.ceil(options.batch_size / parts)
    seed_everything(seed, verbose=False)
    network = build_network(spec)
    train = data.targets[data.train]
    scaling = Scaling.fit(data.task, train, data.declared, data.counts_of(data.train))
    graphs = placed(data.graphs, device, torch.float32)
    batches = Batches(data.train, at_once, device)
    network.observe(graphs.batch(batch) for batch in batches)
    targets = scaling.scaled(data.targets, data.counts).to(device, torch.float32)
    steps = options.epochs * math.ceil(len(data.train) / options.batch_size)
    size = options.batch_size
    by_edges = options.batch_by == "edges"
    edges = data.graphs.levels[1].start.diff() if by_edges else None
    streamed = graphs if isinstance(graphs, Streamed) else None
    loaders = LoopData(
        data.train, data.validation, size, seed, device, parts, edges, streamed
    )
    module = TrainingModule(network, graphs, targets, options, steps, loaders.weight)
    curve = LearningCurve(watch, judge, data.ids)
    memory = PeakMemory(device)
    _fit(module, loaders, options, curve, saves, log)
    seconds = sum(float(row["seconds"] or 0) for row in curve.rows)
    peak = memory.mebibytes()
    network.to(device)
    operations = flops(network, graphs, data.test[:at_once].to(device))
    start = time.perf_counter()
    outputs = infer(network, graphs, data.test, at_once).double().cpu()
    inference = time.perf_counter() - start
    _check_numbers(outputs, data)
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
    saves: Checkpoints,
    log: LogName | None = None,
) -> None:
    """Run Lightning's loop; the module ends with the weights to keep."""
    callbacks: list[Callback] = [curve, RandomStates(), Signals()]
    logger = logger_of(log, saves.file.parent)
    if logger is not None:
        callbacks.append(CurveLog(curve))
    average = None
    if options.average is not None:
        average = Average(module.network, options.average)
        callbacks.append(average)
    best = None
    if len(loaders.validation):
        best = Best(module.network, average)
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
        logger=logger or False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        reload_dataloaders_every_n_epochs=1,
        use_distributed_sampler=False,
        default_root_dir=saves.file.parent,
    )
    resume = saves.last_whole()
    with warnings.catch_warnings(), products_in(options.precision):
        # Lightning advises on loaders and devices that were chosen on purpose.
        warnings.filterwarnings("ignore", module="lightning")
        warnings.filterwarnings("ignore", message=".*lr_scheduler.step.*")
        try:
            trainer.fit(module, datamodule=loaders, ckpt_path=resume, weights_only=True)
        except SystemExit as error:
            # Lightning turns Ctrl-C into this.
            raise KeyboardInterrupt from error
    if best is not None:
        best.put_in()
    if average is not None:
        average.put_in()


def _check_numbers(outputs: Tensor, data: TrialData) -> None:
    """Check that the network says something of every test crystal.

    Raises:
        TrialError: naming the first crystals of which it does not.
    """
    bad = data.test[~torch.isfinite(outputs)].tolist()
    if bad:
        names = [data.ids[graph] if data.ids else f"graph {graph}" for graph in bad]
        more = f" and {len(bad) - _LISTED} more" * (len(bad) > _LISTED)
        raise TrialError(
            f"the trained network gives no number for {len(bad)} of {len(data.test)} "
            f"test crystals: {', '.join(names[:_LISTED])}{more}; a smaller learning "
            "rate (train.optimizer.lr) or train.gradient_clip may help"
        )
