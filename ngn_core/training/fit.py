"""The training loop: Lightning's, with what this project hangs into it."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import torch
from lightning import Callback, Trainer
from lightning.fabric.plugins.environments.lightning import LightningEnvironment
from lightning.pytorch.strategies import DDPStrategy

from ngn_core.spec.spec import TrainOptions
from ngn_core.training.average import Average
from ngn_core.training.best import Best
from ngn_core.training.callbacks import CurveRecorder, Patience, RandomStates, Signals
from ngn_core.training.checkpoints import Checkpoints
from ngn_core.training.distributed.collectives import broadcast, count_ranks, own_rank
from ngn_core.training.logs import CurveLog, LogName, logger_of
from ngn_core.training.loop_data import LoopData
from ngn_core.training.module import TrainingModule
from ngn_core.training.precision import products_in


def fit(
    module: TrainingModule,
    loaders: LoopData,
    options: TrainOptions,
    curve: CurveRecorder,
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
        **_devices(loaders.device),
        max_epochs=options.epochs,
        gradient_clip_val=options.gradient_clip,
        accumulate_grad_batches=loaders.micro_batches,
        callbacks=callbacks,
        plugins=[_Here()],
        logger=logger or False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        reload_dataloaders_every_n_epochs=1,
        use_distributed_sampler=False,
        default_root_dir=saves.file.parent,
    )
    resume: Path | None = broadcast(saves.last_whole)
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


class _Here(LightningEnvironment):
    """The processes that there are: no scheduler is asked, and none is started."""

    @property
    def creates_processes_externally(self) -> bool:
        """Return that the processes are there."""
        return True

    def local_rank(self) -> int:
        """Return the number of this one."""
        return own_rank()


def _devices(device: torch.device) -> dict[str, Any]:
    """Return what Lightning is told of the devices; processes of a CPU are some too."""
    cuda = device.type == "cuda"
    if count_ranks() == 1:
        own = [device.index or 0] if cuda else 1
        return {"accelerator": device.type, "devices": own}
    return {
        "accelerator": device.type,
        "devices": list(range(count_ranks())) if cuda else count_ranks(),
        # a part of the network may see none of a share; statistics are summed already
        "strategy": DDPStrategy(find_unused_parameters=True, broadcast_buffers=False),
    }
