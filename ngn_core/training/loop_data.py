"""The loaders of a trial, as Lightning asks for them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from lightning import LightningDataModule
from torch import Tensor

from ngn_core.training.batches import Batches
from ngn_core.training.distributed.batches import SharedBatches
from ngn_core.training.distributed.collectives import count_ranks, own_rank
from ngn_core.training.host_graphs import DeviceBatch, HostGraphs, Prefetcher

_MOST_EPOCHS = 1_000_003


class LoopData(LightningDataModule):
    """Training batches, in an order made of seed and epoch, and validation batches.

    Where several devices train together, each is handed its share of every batch.

    Args:
        train: numbers of the graphs trained on.
        validation: numbers of the graphs kept for validation, maybe none.
        batch_size: crystals a batch, their mean where batches are cut by edges.
        seed: of the order.
        device: of the training.
        micro_batches: that each batch is cut into, for want of memory.
        edges: [graphs], of all graphs, where batches are to have about as many.
        streamed: the graphs, where they do not fit on the device.
    """

    def __init__(
        self,
        train: Tensor,
        validation: Tensor,
        batch_size: int,
        seed: int,
        device: torch.device,
        micro_batches: int = 1,
        edges: Tensor | None = None,
        streamed: HostGraphs | None = None,
    ) -> None:
        super().__init__()
        self.train = train
        self.validation = validation
        self.batch_size = batch_size
        self.seed = seed
        self.device = device
        self.micro_batches = micro_batches
        self.edges = None if edges is None else edges[train]
        self.streamed = streamed
        self.numbers_on = device if streamed is None else torch.device("cpu")
        self.begin = 0
        self.handed: Batches | None = None

    def state_dict(self) -> dict[str, int]:
        """Return how many parts of batches of the epoch were handed out."""
        assert self.trainer is not None
        done = self.trainer.fit_loop.epoch_loop.batch_progress.current.ready
        begin = done % int(self.trainer.num_training_batches)
        return {"begin": begin, "parts": self.micro_batches}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Begin the first epoch after those, whatever is a part now."""
        self.begin = state_dict["begin"] // state_dict["parts"] * self.micro_batches

    def train_dataloader(self) -> Iterable[Tensor | DeviceBatch]:
        """Return the batches of the current epoch."""
        epoch = 0 if self.trainer is None else self.trainer.current_epoch
        order = self.seed * _MOST_EPOCHS + epoch
        begin, self.begin = self.begin, 0
        self.handed = Batches(
            self.train,
            self.batch_size,
            self.numbers_on,
            order,
            self.micro_batches,
            begin,
            self.edges,
        )
        return self._loader(self.handed)

    def val_dataloader(self) -> Iterable[Tensor | DeviceBatch]:
        """Return the validation batches, maybe none."""
        if not len(self.validation):
            return []
        size = math.ceil(self.batch_size / self.micro_batches)
        return self._loader(Batches(self.validation, size, self.numbers_on))

    def weight(self, number: int, crystals: int) -> float:
        """Return what the mean loss of a part of a training batch is multiplied by.

        Lightning divides the loss of each part by the number of parts, and the sum of
        the devices' gradients by the number of devices. With this the gradients add up
        to that of the mean over the whole batch, also where the parts, the shares or
        the batches are smaller than others.

        Args:
            number: of the part in the epoch handed out last.
            crystals: in this device's share of the part.
        """
        assert self.handed is not None
        whole = self.handed.sizes[number // self.micro_batches]
        return self.micro_batches * count_ranks() * crystals / whole

    def _loader(self, batches: Batches) -> Iterable[Tensor | DeviceBatch]:
        own = (
            batches
            if count_ranks() == 1
            else SharedBatches(batches, own_rank(), count_ranks())
        )
        return own if self.streamed is None else Prefetcher(self.streamed, own)
