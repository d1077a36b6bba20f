"""The loaders of a trial, as Lightning asks for them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from lightning import LightningDataModule
from torch import Tensor

from ngn_core.training.batches import Batches

_MOST_EPOCHS = 1_000_003


class LoopData(LightningDataModule):
    """Training batches, in an order made of seed and epoch, and validation batches.

    Args:
        train: numbers of the graphs trained on.
        validation: numbers of the graphs kept for validation, maybe none.
        batch_size: crystals a batch.
        seed: of the order.
        device: where the numbers go.
        parts: that each batch is cut into, for want of memory.
    """

    def __init__(
        self,
        train: Tensor,
        validation: Tensor,
        batch_size: int,
        seed: int,
        device: torch.device,
        parts: int = 1,
    ) -> None:
        super().__init__()
        self.train = train
        self.validation = validation
        self.batch_size = batch_size
        self.seed = seed
        self.device = device
        self.parts = parts
        self.begin = 0

    def state_dict(self) -> dict[str, int]:
        """Return how many parts of batches of the epoch were handed out."""
        assert self.trainer is not None
        done = self.trainer.fit_loop.epoch_loop.batch_progress.current.ready
        begin = done % int(self.trainer.num_training_batches)
        return {"begin": begin, "parts": self.parts}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Begin the first epoch after those, whatever is a part now."""
        self.begin = state_dict["begin"] // state_dict["parts"] * self.parts

    def train_dataloader(self) -> Iterable[Tensor]:
        """Return the batches of the current epoch."""
        epoch = 0 if self.trainer is None else self.trainer.current_epoch
        order = self.seed * _MOST_EPOCHS + epoch
        begin, self.begin = self.begin, 0
        return Batches(
            self.train, self.batch_size, self.device, order, self.parts, begin
        )

    def val_dataloader(self) -> Iterable[Tensor]:
        """Return the validation batches, maybe none."""
        if not len(self.validation):
            return []
        return Batches(
            self.validation, math.ceil(self.batch_size / self.parts), self.device
        )

    def weight(self, number: int, crystals: int) -> float:
        """Return what the mean loss of a part of a training batch is multiplied by.

        Lightning divides the loss of each part by the number of parts. With this the
        gradients of the parts add up to that of the mean over the whole batch, also
        where the parts, or the epoch's last batch, are smaller than others.

        Args:
            number: of the part in the epoch.
            crystals: in the part.
        """
        before = number // self.parts * self.batch_size
        whole = min(self.batch_size, len(self.train) - before)
        return self.parts * crystals / whole
