"""The weights of the best epoch, by the validation loss."""

from __future__ import annotations

import math
from typing import Any

from lightning import Callback, LightningModule, Trainer
from torch import Tensor, nn

from ngn_core.training.average import Average


class Best(Callback):
    """Keeps the weights of the epoch of least validation loss, the first of equals.

    They are a part of the training's checkpoint, so that they go along wherever it
    goes on.

    Args:
        network: whose weights are kept.
        average: of the weights, whose means are kept beside them.
    """

    def __init__(self, network: nn.Module, average: Average | None) -> None:
        self.network = network
        self.average = average
        self.loss = math.inf
        self.weights: dict[str, Tensor] | None = None
        self.means: dict[str, Any] | None = None

    def state_dict(self) -> dict[str, Any]:
        """Return the best weights so far, and their loss."""
        return {"loss": self.loss, "weights": self.weights, "means": self.means}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on with the best weights of before."""
        self.loss, self.weights = state_dict["loss"], state_dict["weights"]
        self.means = state_dict["means"]

    def on_validation_end(self, trainer: Trainer, module: LightningModule) -> None:
        """Keep the weights, on the host, where they are the best."""
        loss = trainer.callback_metrics["validation_loss"].item()
        if self.weights is not None and not loss < self.loss:
            return
        self.loss = math.inf if math.isnan(loss) else loss
        self.weights = _copied(self.network.state_dict())
        if self.average is not None:
            state = self.average.state_dict()
            self.means = {**state, "means": _copied(state["means"])}

    def put_in(self) -> None:
        """Give the network its best weights, and the average their means."""
        if self.weights is not None:
            self.network.load_state_dict(self.weights)
        if self.average is not None and self.means is not None:
            self.average.load_state_dict(self.means)


def _copied(values: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.detach().cpu().clone() for name, value in values.items()}
