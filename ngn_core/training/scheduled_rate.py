"""The learning rate of a schedule, as torch and its checkpoints want it."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from ngn_core.training.schedule import Schedule


class ScheduledRate(LambdaLR):
    """Sets the rate after each step, and of a schedule that watches after each epoch.

    The losses that were seen are saved with its state, and so the rate goes on as it
    would have after an interruption.

    Args:
        optimizer: with the rate to start from.
        schedule: from a spec.
        steps: optimizer steps of the whole training.
    """

    def __init__(self, optimizer: Optimizer, schedule: Schedule, steps: int) -> None:
        self.losses: list[float] = []
        start: float = optimizer.param_groups[0]["lr"]

        def share(step: int) -> float:
            rate = schedule.rate(step, steps, start)
            return schedule.after(self.losses, rate) / start

        super().__init__(optimizer, share)

    def see(self, loss: float) -> None:
        """Take the validation loss of an epoch; the next step has the rate after it."""
        self.losses.append(loss)
        for group, base, share in zip(
            self.optimizer.param_groups, self.base_lrs, self.lr_lambdas, strict=True
        ):
            group["lr"] = base * share(self.last_epoch)
