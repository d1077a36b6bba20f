"""Training and testing one network, alone or as one of several processes."""

from __future__ import annotations

import math
import time

import torch
from lightning import seed_everything
from torch import Tensor

from ngn_core.errors import TrialError
from ngn_core.network.build import build_network
from ngn_core.training.batches import Batches
from ngn_core.training.callbacks import CurveRecorder
from ngn_core.training.checkpoints import Checkpoints
from ngn_core.training.denormals import denormals_flushed
from ngn_core.training.distributed.collectives import own_rank
from ngn_core.training.fit import fit
from ngn_core.training.flops import flops
from ngn_core.training.host_graphs import HostGraphs, to_device_or_stream
from ngn_core.training.inference import infer
from ngn_core.training.job import (
    TrainingCallbacks,
    TrainingJob,
    TrainingResult,
    TrialData,
)
from ngn_core.training.loop_data import LoopData
from ngn_core.training.memory import PeakMemory
from ngn_core.training.module import TrainingModule
from ngn_core.training.precision import rounds_products, unrounded
from ngn_core.training.target_scaler import TargetScaler

CHECKPOINT = "checkpoint.ckpt"
_LISTED = 5


@denormals_flushed()
def train(
    job: TrainingJob, device: torch.device, callbacks: TrainingCallbacks
) -> TrainingResult | None:
    """Train from the checkpoint or afresh, and test; of several devices, the first.

    Raises:
        Stopped: where the training is to end; the checkpoint is written.
        TrialError: where the loss or an output is no number any more.
    """
    spec, data = job.spec, job.data
    options = spec.train[data.task]
    at_once = math.ceil(options.batch_size / job.micro_batches)
    dtype = torch.get_default_dtype()
    seed_everything(job.seed, verbose=False)
    network = build_network(spec)
    trained = data.targets[data.train]
    scaling = TargetScaler.fit(
        data.task, trained, data.declared, data.counts_of(data.train)
    )
    graphs = to_device_or_stream(data.graphs, device, dtype)
    batches = Batches(data.train, at_once, device)
    network.observe(graphs.batch(batch) for batch in batches)
    targets = scaling.scaled(data.targets, data.counts).to(device, dtype)
    steps = options.epochs * math.ceil(len(data.train) / options.batch_size)
    loaders = LoopData(
        data.train,
        data.validation,
        options.batch_size,
        job.seed,
        device,
        job.micro_batches,
        data.graphs.levels[1].start.diff() if options.batch_by == "edges" else None,
        graphs if isinstance(graphs, HostGraphs) else None,
    )
    stand_in = data.train[:1].to(device)
    module = TrainingModule(
        network, graphs, targets, options, steps, loaders.weight, stand_in
    )
    curve = CurveRecorder(callbacks.on_epoch, callbacks.pruner, data.ids)
    memory = PeakMemory(device)
    file, told = job.folder / CHECKPOINT, callbacks.note
    saves = Checkpoints(file, job.checkpoint_every, callbacks.stop, told)
    plain = unrounded(options.precision, device)
    if plain is not None:
        callbacks.note(plain)
    fit(module, loaders, options, curve, saves, job.log)
    if own_rank() > 0:
        return None
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
        "batch_parts": job.micro_batches,
    }
    predictions = scaling.predictions(outputs, data.counts_of(data.test))
    rounded = rounds_products(options.precision, device)
    return TrainingResult(network, scaling, predictions, curve.rows, cost, rounded)


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
