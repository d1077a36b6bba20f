"""What happens around the epochs: random states, the learning curve, patience."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from lightning import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import EarlyStopping

from ngn_core.errors import TrialError
from ngn_core.training.distributed.collectives import all_gather, own_rank
from ngn_core.training.module import TrainingModule

Pruner = Callable[[int, float], None]
"""Takes an epoch and its validation loss, and may raise to give a training up."""


class RandomStates(Callback):
    """Carries torch's random states over an interruption, of each device its own."""

    def __init__(self) -> None:
        self.states: dict[str, Any] | None = None

    def state_dict(self) -> dict[str, Any]:
        """Return the states of the moment."""
        first, *others = all_gather(
            {"cpu": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state_all()}
        )
        return {**first, "others": others} if others else first

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Keep the states until training goes on."""
        self.states = state_dict

    def on_train_start(self, trainer: Trainer, module: LightningModule) -> None:
        """Put the states back; a device that is new begins with one of its own."""
        states = self.states or {}
        every = [states, *states.get("others", [])]
        own = every[own_rank()] if own_rank() < len(every) else {}
        if own:
            torch.set_rng_state(own["cpu"].cpu())
            torch.cuda.set_rng_state_all([state.cpu() for state in own["cuda"]])
        elif own_rank() > 0:
            torch.manual_seed(torch.initial_seed() + own_rank())


class CurveRecorder(Callback):
    """Keeps a row for each epoch, also over an interruption.

    Args:
        on_epoch: is told the epochs done after each one.
        pruner: is told the validation loss of each epoch, those before an interruption
            again, and may raise to give the training up.
        ids: of the crystals, for who looks for a bad one.
    """

    def __init__(
        self,
        on_epoch: Callable[[int], None],
        pruner: Pruner | None = None,
        ids: Sequence[str] = (),
    ) -> None:
        self.rows: list[dict[str, float | int | None]] = []
        self.on_epoch = on_epoch
        self.pruner = pruner
        self.ids = ids
        self.start = 0.0
        self.before = 0.0

    def state_dict(self) -> dict[str, Any]:
        """Return the rows so far, and the seconds of the epoch that is not over."""
        return {"rows": self.rows, "seconds": time.perf_counter() - self.start}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on after the rows of before."""
        self.rows = state_dict["rows"]
        self.before = state_dict["seconds"]

    def on_train_start(self, trainer: Trainer, module: LightningModule) -> None:
        """Let the epochs before an interruption be judged again; its own goes on."""
        self.start = time.perf_counter() - self.before
        for row in self.rows:
            self._ask_pruner(row)

    def on_train_epoch_start(self, trainer: Trainer, module: LightningModule) -> None:
        """Start the clock."""
        self.start = time.perf_counter()

    def on_train_epoch_end(self, trainer: Trainer, module: LightningModule) -> None:
        """Read the epoch's losses off the device, once.

        Raises:
            TrialError: where the training loss is not a number any more.
        """
        assert isinstance(module, TrainingModule)
        loss, broken = module.mean_loss("train"), module.broken_batch()
        epoch = trainer.current_epoch + 1
        if loss is not None and not math.isfinite(loss):
            raise TrialError(
                f"the training loss became {loss} in epoch {epoch}"
                f"{self._crystals(trainer, broken)}; a smaller learning rate "
                "(train.optimizer.lr) or train.gradient_clip may help"
            )
        validation = trainer.callback_metrics.get("validation_loss")
        self.rows.append(
            {
                "epoch": epoch,
                "train_loss": loss,
                "validation_loss": None if validation is None else validation.item(),
                "lr": trainer.optimizers[0].param_groups[0]["lr"],
                "seconds": time.perf_counter() - self.start,
            }
        )
        self.on_epoch(epoch)
        self._ask_pruner(self.rows[-1])

    def _crystals(self, trainer: Trainer, number: int | None) -> str:
        """Return the crystals of a batch of the epoch, in words."""
        if number is None:
            return ""
        loaders = trainer.datamodule  # type: ignore[attr-defined]
        loaders.train_dataloader()
        batch = list(loaders.handed)[number].tolist()
        names = (self.ids[graph] if self.ids else f"graph {graph}" for graph in batch)
        return f", first in its batch {number + 1}, of {', '.join(names)}"

    def _ask_pruner(self, row: dict[str, float | int | None]) -> None:
        epoch, loss = row["epoch"], row["validation_loss"]
        if self.pruner is not None and epoch is not None and loss is not None:
            self.pruner(int(epoch), loss)


class Signals(Callback):
    """Leaves SIGTERM to who handles it; Lightning would end without a checkpoint."""

    def __init__(self) -> None:
        self.handler = signal.getsignal(signal.SIGTERM)

    def on_train_start(self, trainer: Trainer, module: LightningModule) -> None:
        """Put the handler of before Lightning's back."""
        main = threading.current_thread() is threading.main_thread()
        if main and self.handler is not None:
            signal.signal(signal.SIGTERM, self.handler)


class Patience(EarlyStopping):
    """Early stopping that stays stopped when a finished training is resumed."""

    def on_train_start(self, trainer: Trainer, module: LightningModule) -> None:
        """End at once where the training had ended."""
        if self.stopped_epoch > 0:
            trainer.should_stop = True
