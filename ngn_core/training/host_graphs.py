"""Graphs that do not fit on the device: batches come from the host, ahead of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ngn_core.network.batch import Batch
from ngn_core.network.level_batch import LevelBatch
from ngn_core.packed.packed import PackedGraphs
from ngn_core.training.batches import Batches
from ngn_core.training.distributed.batches import SharedBatches

AHEAD = 2
"""Batches that are assembled while one is trained on."""

SHARE = 0.5
"""Of the device's free memory that graphs may take; the rest is the training's."""

Change = Callable[[Tensor], Tensor]


class DeviceBatch:
    """A batch that is on the device already.

    Attributes:
        numbers: [B], of its graphs, on the device.
        batch: the graphs.
    """

    def __init__(self, numbers: Tensor, batch: Batch) -> None:
        self.numbers = numbers
        self.batch = batch

    def __len__(self) -> int:
        """Return the number of crystals."""
        return len(self.numbers)


@dataclass(frozen=True)
class HostGraphs:
    """All graphs of a dataset, on the host, in memory or in a mapped file.

    Attributes:
        graphs: of the dataset, on the host.
        device: where batches go.
        dtype: of their floating point numbers.
    """

    graphs: PackedGraphs
    device: torch.device
    dtype: torch.dtype

    @property
    def crystals(self) -> Mapping[str, Tensor]:
        """Return the columns of the crystals, on the host."""
        return self.graphs.crystals

    def batch(self, graphs: Tensor) -> Batch:
        """Return the graphs of these numbers on the device, assembled now."""
        return self._sent(self._assembled(graphs.cpu())).batch

    def ahead(self, batches: Iterable[Tensor]) -> Iterator[DeviceBatch]:
        """Yield batches, of numbers on the host, each assembled while others train.

        A thread gathers and pins them; the copies wait for nobody.
        """
        with ThreadPoolExecutor(1, "batches") as thread:
            coming: deque[Future[DeviceBatch]] = deque()
            for numbers in batches:
                coming.append(thread.submit(self._assembled, numbers))
                if len(coming) > AHEAD:
                    yield self._sent(coming.popleft().result())
            while coming:
                yield self._sent(coming.popleft().result())

    def _assembled(self, numbers: Tensor) -> DeviceBatch:
        pin = self.device.type == "cuda"

        def change(values: Tensor) -> Tensor:
            real = values.is_floating_point()
            values = values.to(self.dtype) if real else values
            return values.pin_memory() if pin else values

        return DeviceBatch(
            change(numbers), _changed(self.graphs.batch(numbers), change)
        )

    def _sent(self, loaded: DeviceBatch) -> DeviceBatch:
        def change(values: Tensor) -> Tensor:
            return values.to(self.device, non_blocking=True)

        return DeviceBatch(change(loaded.numbers), _changed(loaded.batch, change))


@dataclass(frozen=True)
class Prefetcher:
    """The batches of an epoch as a loader hands them out.

    Attributes:
        graphs: on the host.
        batches: of their numbers, on the host.
    """

    graphs: HostGraphs
    batches: Batches | SharedBatches

    def __len__(self) -> int:
        """Return the number of batches, or of their parts."""
        return len(self.batches)

    def __iter__(self) -> Iterator[DeviceBatch]:
        """Iterate over one epoch."""
        return self.graphs.ahead(self.batches)


def to_device_or_stream(
    graphs: PackedGraphs, device: torch.device, dtype: torch.dtype
) -> PackedGraphs | HostGraphs:
    """Return graphs on the device where they fit, else such as stream to it."""
    if fits_on_device(graphs, device, dtype):
        return graphs.to(device, dtype)
    return HostGraphs(graphs, device, dtype)


def fits_on_device(
    graphs: PackedGraphs, device: torch.device, dtype: torch.dtype
) -> bool:
    """Return whether graphs take no more than their share of the free memory.

    On a CPU they are where they are already.
    """
    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    free += torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return bytes_in(graphs, dtype) <= SHARE * free


def bytes_in(graphs: PackedGraphs, dtype: torch.dtype) -> int:
    """Return the bytes of graphs with floating point numbers in one precision."""
    return sum(
        values.numel()
        * (dtype.itemsize if values.is_floating_point() else values.itemsize)
        for values in graphs.tensors()
    )


def assembled(
    graphs: PackedGraphs | HostGraphs, numbers: Tensor, batch_size: int
) -> Iterator[Batch]:
    """Yield the graphs of these numbers, in batches on their device."""
    batches = Batches(numbers, batch_size, graphs.crystals["atoms"].device)
    if isinstance(graphs, HostGraphs):
        yield from (loaded.batch for loaded in graphs.ahead(batches))
    else:
        yield from (graphs.batch(batch) for batch in batches)


def _changed(batch: Batch, change: Change) -> Batch:
    """Return a batch with every tensor changed."""
    levels = [_changed_rows(rows, change) for rows in batch.levels]
    return Batch(levels, _changed_rows(batch.crystals, change))


def _changed_rows(rows: LevelBatch, change: Change) -> LevelBatch:
    return replace(
        rows,
        columns={name: change(values) for name, values in rows.columns.items()},
        index=None if rows.index is None else change(rows.index),
        multiplicity=change(rows.multiplicity),
        weight=change(rows.weight),
        crystal=change(rows.crystal),
    )
