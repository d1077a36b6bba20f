"""Checkpoints of a whole training, from which it goes on as if nothing had been."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lightning import LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint

from ngn_core.errors import DamagedError
from ngn_core.training.distributed.collectives import broadcast, own_rank
from ngn_core.training.module import TrainingModule
from ngn_core.training.stop import Stopped
from ngn_core.training.weights import read_tensors

StopReason = Callable[[], str | None]
"""Says after each step why the training is to end there, None where it goes on."""

Note = Callable[[str], None]
"""Is told what the user should know."""

MID_EPOCH = 600.0
"""Seconds after which a checkpoint is written although the epoch is not over."""

_SO_FAR = "epoch_so_far"
_FORMAT, _NUMBER = "ngn_format", 2


def never_stop() -> None:
    """Ask no training to end."""


def ignore(sentence: str) -> None:
    """Tell nobody."""


class Checkpoints(Checkpoint):
    """Saves the whole training, whole or not at all, and keeps the save before.

    Lightning calls it after all callbacks that are no `Checkpoint`, so that what they
    decided in the epoch is saved too. It saves after an epoch; in the midst of one
    where that lasts long, and where the training is to end. Of an epoch that ends, the
    losses so far go along.

    Where several devices train together, the first one says when, and has the files.

    Args:
        file: the checkpoint.
        seconds: least time between two after epochs.
        stop: is asked after each step.
        note: is told where a checkpoint is damaged.
    """

    def __init__(
        self,
        file: Path,
        seconds: float,
        stop: StopReason = never_stop,
        note: Note = ignore,
    ) -> None:
        self.file = file
        self.before = file.with_suffix(f".before{file.suffix}")
        self.seconds = seconds
        self.stop = stop
        self.note = note
        self.saved = time.monotonic()
        self.step = 0

    def last_whole(self) -> Path | None:
        """Return the last checkpoint that is whole, None where there is none.

        A damaged one is removed, and that is said.
        """
        for file in (self.file, self.before):
            try:
                if file.exists():
                    _check_format(file)
                    return file
            except DamagedError as error:
                other = file == self.file and self.before.exists()
                start = "the checkpoint before it" if other else "the beginning"
                self.note(f"{error}; the training goes on from {start}")
                file.unlink()
        return None

    def on_train_batch_end(
        self, trainer: Trainer, module: LightningModule, *args: Any
    ) -> None:
        """Save after a step that is not the epoch's last, if that is wanted now.

        Raises:
            Stopped: when the training is to end, and is saved.
        """
        stepped, self.step = trainer.global_step != self.step, trainer.global_step
        if not stepped or args[2] + 1 >= trainer.num_training_batches:
            return
        self._save(trainer, MID_EPOCH)

    def on_train_epoch_end(self, trainer: Trainer, module: LightningModule) -> None:
        """Save, if the last checkpoint is old enough.

        Raises:
            Stopped: when the training is to end, and is saved.
        """
        self._save(trainer, self.seconds)

    def on_save_checkpoint(
        self, trainer: Trainer, module: LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Put in what the epoch has added up so far."""
        assert isinstance(module, TrainingModule)
        checkpoint[_FORMAT] = _NUMBER
        checkpoint[_SO_FAR] = module.so_far()

    def on_load_checkpoint(
        self, trainer: Trainer, module: LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Go on adding up, and count the batches in what is a part of one now."""
        assert isinstance(module, TrainingModule)
        module.add_to(checkpoint[_SO_FAR])
        loaders = trainer.datamodule  # type: ignore[attr-defined]
        if loaders.begin:
            progress = checkpoint["loops"]["fit_loop"]["epoch_loop.batch_progress"]
            more = loaders.begin - progress["current"]["processed"]
            for counts in (progress["current"], progress["total"]):
                for name in counts:
                    counts[name] += more

    def _save(self, trainer: Trainer, seconds: float) -> None:
        """Save where the last checkpoint is so old, or the training is to end.

        Raises:
            Stopped: then.
        """
        reason, due = broadcast(
            lambda: (self.stop(), time.monotonic() - self.saved >= seconds)
        )
        if reason is None and not due:
            return
        partial = self.file.with_suffix(".partial")
        try:
            trainer.save_checkpoint(partial)
        except OSError:
            partial.unlink(missing_ok=True)  # on a full disk others need the room
            raise
        if own_rank() == 0:
            if self.file.exists():
                self.file.replace(self.before)
            partial.replace(self.file)
        self.saved = time.monotonic()
        if reason is not None:
            raise Stopped(reason)


def _check_format(file: Path) -> None:
    """Check that a checkpoint is whole, and as it is written today.

    Raises:
        DamagedError: where it is not.
    """
    found = read_tensors(file).get(_FORMAT)
    if found != _NUMBER:
        raise DamagedError(f"{file}: of format {found}, which is not {_NUMBER}")
