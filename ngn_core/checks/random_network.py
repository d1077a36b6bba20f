"""The network that is checked: random weights, nothing left at a constant."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ngn_core.network.batch import Batch
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.spec.spec import Spec

_NOISE = 0.1


@dataclass(frozen=True)
class Step:
    """What a step of training leaves.

    Attributes:
        outputs: [B].
        gradients: of every parameter, by name; zeros where none arrived.
        statistics: the buffers after the step, by name.
    """

    outputs: Tensor
    gradients: Mapping[str, Tensor]
    statistics: Mapping[str, Tensor]


class RandomNetwork:
    """A spec's network in float64, with random weights and without dropout.

    The output of an extensive readout is divided by the atoms of the cell as given, so
    that every law is one of intensive outputs.

    Args:
        spec: whose network it is.
        seed: of the weights.
    """

    def __init__(self, spec: Spec, seed: int) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.network = build_network(spec).double()
            _randomize(self.network)
        for module in self.network.modules():
            _without_dropout(module)
        if self.network.readout.extensive:
            self.network.register_forward_hook(_per_atom)
        self.network.eval()

    @torch.no_grad()
    def outputs(self, batch: Batch) -> Tensor:
        """Return the outputs in evaluation mode, [B]."""
        outputs: Tensor = self.network(batch)
        return outputs.squeeze(1)

    def step(self, batch: Batch, middle: float, spread: float) -> Step:
        """Return what one step of training gives; the network stays as it is.

        The loss bends at outputs that lie `spread` from their targets, which are spread
        around `middle`.
        """
        network: Network = copy.deepcopy(self.network).train()
        outputs = network(batch).squeeze(1)
        wanted = torch.linspace(-1, 1, len(outputs), dtype=outputs.dtype)
        apart = (outputs - middle) / spread - wanted
        loss: Tensor = apart.square().add(1).log().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = {
            name: torch.zeros_like(value) if value.grad is None else value.grad
            for name, value in network.named_parameters()
        }
        statistics = {
            name: value
            for name, value in network.named_buffers()
            if value.is_floating_point()
        }
        return Step(outputs.detach(), gradients, statistics)


@torch.no_grad()
def _randomize(network: nn.Module) -> None:
    """Move what starts at a constant: biases, affine parameters, statistics."""
    for parameter in network.parameters():
        flat = parameter.flatten()
        if parameter.dim() <= 1 or bool((flat == flat[:1]).all()):
            parameter.add_(torch.randn_like(parameter), alpha=_NOISE)
    for name, buffer in network.named_buffers():
        if name.endswith("running_mean"):
            buffer.add_(torch.randn_like(buffer), alpha=_NOISE)
        elif name.endswith("running_var"):
            buffer.mul_(torch.rand_like(buffer).add_(0.5))


def _without_dropout(module: nn.Module) -> None:
    if isinstance(module, nn.modules.dropout._DropoutNd):
        module.p = 0.0
    elif isinstance(module, nn.RNNBase):
        module.dropout = 0.0
    elif isinstance(getattr(module, "dropout", None), float):
        setattr(module, "dropout", 0.0)  # noqa: B010, torch_geometric's layers


def _per_atom(network: nn.Module, given: tuple[Batch], outputs: Tensor) -> Tensor:
    atoms = given[0].crystals.columns["atoms"]
    return outputs / atoms.to(outputs.dtype).unsqueeze(1)
