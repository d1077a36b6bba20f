"""The loaders of a trial, as Lightning asks for them."""

from __future__ import annotations

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
    """

    def __init__(
        self,
        train: Tensor,
        validation: Tensor,
        batch_size: int,
        seed: int,
        device: torch.device,
    ) -> None:
        super().__init__()
        self.train = train
        self.validation = validation
        self.batch_size = batch_size
        self.seed = seed
        self.device = device

    def train_dataloader(self) -> Iterable[Tensor]:
        """Return the batches of the current epoch."""
        epoch = 0 if self.trainer is None else self.trainer.current_epoch
        order = self.seed * _MOST_EPOCHS + epoch
        return Batches(self.train, self.batch_size, self.device, order)

    def val_dataloader(self) -> Iterable[Tensor]:
        """Return the validation batches, maybe none."""
        if not len(self.validation):
            return []
        return Batches(self.validation, self.batch_size, self.device)
