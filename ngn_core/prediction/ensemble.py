"""Stored trials, ready to predict; those of one model are an ensemble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ngn_core.errors import SpecError, TrialError
from ngn_core.experiment.result import SPEC, WEIGHTS, Result, read_result
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.packed.packed import PackedGraphs
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec
from ngn_core.training.inference import infer
from ngn_core.training.target_scaler import TargetScaler
from ngn_core.training.weights import read_weights


@dataclass(frozen=True)
class Trained:
    """A stored trial with its network."""

    result: Result
    spec: Spec
    network: Network

    def predictions(
        self, graphs: PackedGraphs, counts: Tensor | None, device: torch.device
    ) -> Tensor:
        """Return predictions in the target's unit, or probabilities, [n], on the host.

        Args:
            graphs: n, on the device.
            counts: [n, elements], atoms of the given cells.
            device: where to compute.
        """
        scaling = TargetScaler.read(self.result.scaling)
        return network_predictions(
            self.network, scaling, self.spec, graphs, counts, device
        )


def network_predictions(
    network: Network,
    scaling: TargetScaler,
    spec: Spec,
    graphs: PackedGraphs,
    counts: Tensor | None,
    device: torch.device,
) -> Tensor:
    """Return a network's predictions, see `Trained.predictions`."""
    batch_size = spec.train[scaling.task].batch_size
    numbers = torch.arange(len(graphs))
    outputs = infer(network.to(device), graphs, numbers, batch_size)
    return scaling.predictions(outputs.double().cpu(), counts)


def ensembles(
    folders: Sequence[Path], registry: Registry
) -> list[tuple[str, list[Trained]]]:
    """Return the trials in some folders model by model, each with its name.

    Models of one spec on one target are told apart by their digest. Baselines keep no
    network and are left out.

    Raises:
        TrialError: where a trial is damaged, or all are baselines.
    """
    groups: dict[str, list[Trained]] = {}
    for folder in folders:
        result = read_result(folder)
        if has_network(result):
            trained = _load(folder, result, registry)
            groups.setdefault(result.model, []).append(trained)
    if not groups:
        raise TrialError(
            f"{folders[0]}: a baseline, which keeps nothing that could predict; "
            "expected trials of networks"
        )
    names = _names([group[0].result for group in groups.values()])
    return [(names[model], group) for model, group in groups.items()]


def has_network(result: Result) -> bool:
    """Return whether a trial keeps a network; a baseline does not."""
    return bool(result.scaling)


def _load(folder: Path, result: Result, registry: Registry) -> Trained:
    """Return the trial in a folder, whose result was read.

    Raises:
        TrialError: where it is damaged, or its spec cannot be read.
    """
    try:
        spec = load_specs([str(folder / SPEC)], registry)[0]
        network = build_network(spec)
        network.load_state_dict(read_weights(folder / WEIGHTS))
    except SpecError as error:
        raise TrialError(
            f"{folder}: its spec cannot be read; where it uses a component of a file, "
            f"give the same --plugin FILE as in the comparison\n{error}"
        ) from error
    except RuntimeError as error:
        raise TrialError(
            f"{folder}: its weights are not those of its spec ({error}); expected an "
            "untouched finished trial"
        ) from error
    return Trained(result, spec, network)


def _names(results: Sequence[Result]) -> dict[str, str]:
    """Return a name for each model."""
    count = Counter((result.spec, result.dataset, result.target) for result in results)
    names = {}
    for result in results:
        names[result.model] = result.spec
        if count[result.spec, result.dataset, result.target] > 1:
            names[result.model] += f" ({result.epochs} epochs, {result.model[:6]})"
    return names
