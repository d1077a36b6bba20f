"""Two multi-layer perceptrons, one the gate of the other."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

import ngn_core.api as ngn


class GatedMLP(nn.Module):
    """An MLP times an MLP that ends in a sigmoid (eq. 4 of Chen & Ong 2022).

    Args:
        inputs: widths of the inputs; None: always absent.
        layers: width of each layer, of both.
        activation: after each layer, but for the last one of the gate.
        activate_last: whether it follows the last layer of the other.
        bias: whether the layers have biases.
    """

    def __init__(
        self,
        inputs: Sequence[int | None],
        layers: Sequence[int],
        activation: ngn.ActivationName,
        *,
        activate_last: bool = True,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.value = ngn.MLP(
            inputs, layers, activation, activate_last=activate_last, bias=bias
        )
        self.gate = ngn.MLP(inputs, layers, activation, activate_last=False, bias=bias)

    def forward(self, *inputs: Tensor | ngn.Endpoint | None) -> Tensor:
        """Return [n, layers[-1]]."""
        gated: Tensor = self.value(*inputs) * self.gate(*inputs).sigmoid()
        return gated
