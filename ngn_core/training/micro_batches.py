"""Training in parts of a batch, where whole ones do not fit into the memory."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TypeVar

import torch

from ngn_core.errors import TrialError

T = TypeVar("T")


def train_in_micro_batches(train: Callable[[int], T], batch_size: int) -> T:
    """Return what a training gives; it begins anew with halved batches for memory.

    Args:
        train: is given into how many parts each batch is cut.
        batch_size: crystals of a whole batch.

    Raises:
        TrialError: where the memory is too small for one crystal at a time.
    """
    micro_batches = 1
    while True:
        try:
            return train(micro_batches)
        except torch.OutOfMemoryError as error:
            shortage = str(error).partition("\n")[0]
        # here the traceback is gone, and with it the tensors of the failed training
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if micro_batches >= batch_size:
            raise TrialError(
                f"the memory is too small for one crystal at a time ({shortage}); "
                "expected a smaller network, smaller graphs (graph.edges), or another "
                "--device"
            )
        micro_batches = min(2 * micro_batches, batch_size)
