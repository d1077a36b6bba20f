"""Learning curves for programs that show them while they grow."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from lightning import Callback, LightningModule, Trainer
from lightning.pytorch.loggers import Logger, TensorBoardLogger

from ngn_core.training.callbacks import CurveRecorder

LogName = Literal["tensorboard"]

EVENTS = "events.out.tfevents."
"""How the names of TensorBoard's files begin."""


class CurveLog(Callback):
    """Hands the numbers of each epoch to the logger.

    Args:
        curve: that has them, and is called before this.
    """

    def __init__(self, curve: CurveRecorder) -> None:
        self.curve = curve

    def on_train_epoch_end(self, trainer: Trainer, module: LightningModule) -> None:
        """Log losses, rate and seconds at their epoch."""
        assert trainer.logger is not None
        row = {
            name: value
            for name, value in self.curve.rows[-1].items()
            if value is not None
        }
        epoch = int(row.pop("epoch"))
        trainer.logger.log_metrics(row, epoch)


def logger_of(log: LogName | None, folder: Path) -> Logger | None:
    """Return the logger of a name, which writes into a trial's folder."""
    if log is None:
        return None
    return TensorBoardLogger(folder, "", "", default_hp_metric=False)
