"""A running mean of the weights, which are less noisy than the last ones."""

from __future__ import annotations

from typing import Any

import torch
from lightning import Callback, LightningModule, Trainer
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

_WARM_UP = 10
"""Steps over which the mean forgets the first weights, which mean nothing."""


class Average(Callback):
    """Exponential moving average of the weights (Polyak & Juditsky 1992).

    After step t every weight and every running statistic w has the mean
    a <- d a + (1 - d) w, with d the smaller of `decay` and t / (10 + t). Validation
    sees the means, and so does the test; training goes on with the weights.

    Args:
        network: whose weights are averaged.
        decay: d once the training is under way.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = network
        self.decay = decay
        self.steps = 0
        self.means = {name: value.clone() for name, value in _floats(network).items()}
        self.weights: dict[str, Tensor] = {}

    def state_dict(self) -> dict[str, Any]:
        """Return the means of the moment."""
        return {"steps": self.steps, "means": self.means}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with means of before."""
        self.steps = state_dict["steps"]
        for name, mean in self.means.items():
            mean.copy_(state_dict["means"][name])

    @torch.no_grad()
    def on_fit_start(self, trainer: Trainer, module: LightningModule) -> None:
        """Follow the network to its device."""
        device = {value.device for value in _floats(self.network).values()}.pop()
        self.means = {name: mean.to(device) for name, mean in self.means.items()}

    def on_train_batch_end(self, trainer: Trainer, *args: Any) -> None:
        """Take the weights of an optimizer step into the mean."""
        if trainer.global_step == self.steps:
            return
        self.steps = trainer.global_step
        decay = min(self.decay, self.steps / (_WARM_UP + self.steps))
        weights = list(_floats(self.network).values())
        update = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
        update(list(self.means.values()), weights, self.steps)

    def on_validation_epoch_start(self, *args: Any) -> None:
        """Validate the means."""
        values = _floats(self.network).items()
        self.weights = {name: value.clone() for name, value in values}
        self.put_in()

    def on_validation_epoch_end(self, *args: Any) -> None:
        """Train on with the weights."""
        _put(self.weights, self.network)

    def put_in(self) -> None:
        """Give the network the means for weights."""
        _put(self.means, self.network)


def _floats(network: nn.Module) -> dict[str, Tensor]:
    """Return the weights and the running statistics, which share their memory."""
    values = network.state_dict().items()
    return {name: value for name, value in values if value.is_floating_point()}


@torch.no_grad()
def _put(values: dict[str, Tensor], network: nn.Module) -> None:
    for name, value in _floats(network).items():
        value.copy_(values[name])
