"""A multi-layer perceptron over one or several inputs."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from ngn_core.network.activation import ActivationName, activation
from ngn_core.network.endpoint import Endpoint
from ngn_core.network.joined_linear import JoinedLinear


class MLP(nn.Module):
    """Linear layers with an activation after each.

    Args:
        inputs: widths of the inputs, joined by the first layer; None: always absent.
        layers: width of each layer.
        function: name of the activation.
        activate_last: whether the last layer is followed by the activation too.
        bias: whether the layers have biases.
    """

    def __init__(
        self,
        inputs: Sequence[int | None],
        layers: Sequence[int],
        function: ActivationName,
        *,
        activate_last: bool = True,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.first = JoinedLinear(inputs, layers[0], bias=bias)
        self.rest = nn.ModuleList(
            nn.Linear(before, after, bias=bias)
            for before, after in zip(layers, layers[1:], strict=False)
        )
        self.activation = activation(function)
        self.activate_last = activate_last
        self.width = layers[-1]

    def forward(self, *inputs: Tensor | Endpoint | None) -> Tensor:
        """Return [n, layers[-1]]."""
        hidden: Tensor = self.first(*inputs)
        for layer in self.rest:
            hidden = layer(self.activation(hidden))
        if self.activate_last:
            hidden = self.activation(hidden)
        return hidden
