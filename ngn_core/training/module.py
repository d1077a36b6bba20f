"""The Lightning module of a trial: loss, optimizer, schedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from lightning import LightningModule
from torch import Tensor

from ngn_core.network.all_reduce import all_reduce_sum
from ngn_core.network.batch_norm import BatchNorm
from ngn_core.network.network import Network
from ngn_core.packed.packed import PackedGraphs
from ngn_core.spec.spec import TrainOptions
from ngn_core.training.distributed.collectives import all_gather, own_rank
from ngn_core.training.host_graphs import DeviceBatch, HostGraphs
from ngn_core.training.memory import keep_freed_memory
from ngn_core.training.scheduled_rate import ScheduledRate


class TrainingModule(LightningModule):
    """Trains a network on packed graphs; nothing in a step waits for the device.

    Args:
        network: with fresh weights.
        graphs: all graphs of the dataset, on the device or streaming to it.
        targets: [graphs], as the loss sees them, on the device.
        options: the `train:` section.
        steps: optimizer steps of the whole training.
        weight: of a part's loss by its number and crystals, see `LoopData.weight`.
        stand_in: [1], number of a graph that a device is shown where it has none of a
            batch: it takes part in the steps of the others, and adds nothing.
    """

    def __init__(
        self,
        network: Network,
        graphs: PackedGraphs | HostGraphs,
        targets: Tensor,
        options: TrainOptions,
        steps: int,
        weight: Callable[[int, int], float] = lambda number, crystals: 1.0,
        stand_in: Tensor | None = None,
    ) -> None:
        super().__init__()
        keep_freed_memory(targets.device)
        self.network = network
        self.loss = options.loss.build()
        self.graphs = graphs
        self.targets = targets
        self.options = options
        self.steps = steps
        self.weight = weight
        self.stand_in = stand_in
        modules = network.modules()
        self.norms = [one for one in modules if isinstance(one, BatchNorm)]
        self.sums: dict[str, Tensor] = {}
        self.counts: dict[str, int] = {}
        self.broken: Tensor | None = None

    def forward(self, graphs: Tensor | DeviceBatch) -> Tensor:
        """Return the outputs of graphs, loaded or by their numbers, [B]."""
        if isinstance(graphs, DeviceBatch):
            batch = graphs.batch
        else:
            batch = self.graphs.batch(graphs)
        output: Tensor = self.network(batch)
        return output.squeeze(1)

    def training_step(self, graphs: Tensor | DeviceBatch, batch_number: int) -> Tensor:
        """Return the loss of a batch, or what a part or share of it adds."""
        for norm in self.norms:
            norm.counted = len(graphs) > 0
        loss = self._loss("train", graphs)
        self._watch_over(loss.detach(), batch_number)
        weight = self.weight(batch_number, len(graphs))
        return loss if weight == 1.0 else loss * weight

    def broken_batch(self) -> int | None:
        """Return the first batch since this was asked last whose loss is no number."""
        broken, self.broken = self.broken, None
        return _first(broken)

    def validation_step(self, graphs: Tensor | DeviceBatch, batch_number: int) -> None:
        """Add up the loss of a validation batch."""
        self._loss("validation", graphs)

    def on_validation_epoch_end(self) -> None:
        """Log the validation loss, for early stopping, and let the schedule see it."""
        loss = self.mean_loss("validation")
        if loss is None:
            return
        self.log("validation_loss", loss, logger=False)
        scheduler = self.lr_schedulers()
        if isinstance(scheduler, ScheduledRate):
            scheduler.see(loss)

    def mean_loss(self, part: str) -> float | None:
        """Return the mean loss of a part since this was asked last, None before any."""
        if part not in self.sums:
            return None
        found = all_gather((self.sums.pop(part).item(), self.counts.pop(part)))
        return sum(total for total, _ in found) / sum(count for _, count in found)

    def so_far(self) -> dict[str, Any]:
        """Return what the epoch has added up so far, on all devices."""
        first = _first(self.broken)
        return {
            "sums": {name: all_reduce_sum(total) for name, total in self.sums.items()},
            "counts": {name: sum(all_gather(n)) for name, n in self.counts.items()},
            "broken": None if first is None else torch.tensor(first),
        }

    def add_to(self, so_far: dict[str, Any]) -> None:
        """Go on adding up; what all devices had is the first one's now."""
        device, own = self.targets.device, int(own_rank() == 0)
        sums, counts = so_far["sums"], so_far["counts"]
        self.sums = {name: total.to(device) * own for name, total in sums.items()}
        self.counts = {name: count * own for name, count in counts.items()}
        broken = so_far["broken"]
        self.broken = None if broken is None else broken.to(device)

    def configure_optimizers(self) -> Any:
        """Return the optimizer, and its schedule if there is one."""
        optimizer = self.options.optimizer.build().optimizer(self.network.parameters())
        fuse(optimizer)
        if self.options.schedule is None:
            return optimizer
        schedule = self.options.schedule.build()
        scheduler = ScheduledRate(optimizer, schedule, self.steps)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": scheduler, "interval": "step"},
        }

    def _watch_over(self, loss: Tensor, number: int) -> None:
        """Keep the number of the first batch whose loss is none, on the device."""
        if self.broken is None:
            self.broken = torch.full((), -1, dtype=torch.int64, device=loss.device)
        new = ~torch.isfinite(loss) & (self.broken < 0)
        self.broken = torch.where(new, number, self.broken)

    def _loss(self, part: str, graphs: Tensor | DeviceBatch) -> Tensor:
        count = len(graphs)
        if not count and self.stand_in is not None:
            graphs = self.stand_in
        numbers = graphs.numbers if isinstance(graphs, DeviceBatch) else graphs
        targets = self.targets.index_select(0, numbers)
        loss: Tensor = self.loss(self(graphs), targets)
        total = loss.detach() * count
        self.sums[part] = self.sums[part] + total if part in self.sums else total
        self.counts[part] = self.counts.get(part, 0) + count
        return loss


def fuse(optimizer: torch.optim.Optimizer) -> None:
    """Let an optimizer that can update all weights in one kernel do so."""
    for group in optimizer.param_groups:
        if "fused" in group:
            group["fused"] = True


def _first(broken: Tensor | None) -> int | None:
    """Return the least number of a batch that is broken on any device."""
    numbers = all_gather(-1 if broken is None else int(broken.item()))
    return min((number for number in numbers if number >= 0), default=None)
