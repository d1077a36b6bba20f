"""What a training is given, whom it tells, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from torch import Tensor

from ngn_core.dataset.dataset import Target
from ngn_core.network.network import Network
from ngn_core.packed.packed import PackedGraphs
from ngn_core.spec.spec import Spec
from ngn_core.training.callbacks import Pruner
from ngn_core.training.checkpoints import Note, StopReason, ignore, never_stop
from ngn_core.training.logs import LogName
from ngn_core.training.target_scaler import TargetScaler


@dataclass(frozen=True)
class TrialData:
    """What a trial trains and tests on.

    Attributes:
        graphs: of the whole dataset, on the host.
        targets: [graphs], in the target's unit.
        task: regression or binary.
        train: numbers of the graphs trained on.
        validation: numbers of the graphs kept for validation, maybe none.
        test: numbers of the test graphs.
        declared: what is said of the target.
        counts: [graphs, elements], atoms of the given cells; None where the target
            does not need them.
        ids: of the crystals, empty where nobody needs them.
    """

    graphs: PackedGraphs
    targets: Tensor
    task: Literal["regression", "binary"]
    train: Tensor
    validation: Tensor
    test: Tensor
    declared: Target = field(default_factory=Target)
    counts: Tensor | None = None
    ids: Sequence[str] = ()

    def counts_of(self, numbers: Tensor) -> Tensor | None:
        """Return the atoms of some graphs' given cells, where the target needs them."""
        return None if self.counts is None else self.counts[numbers]


@dataclass(frozen=True)
class TrainingJob:
    """What a training is given, on every device.

    Attributes:
        spec: architecture and training.
        data: graphs, targets and parts.
        seed: of the weights and the order of batches.
        folder: for the checkpoint, and what the learning curve is logged in.
        checkpoint_every: seconds between two checkpoints.
        log: what the learning curve is written for, too.
        micro_batches: of each batch, whose gradients are added up.
    """

    spec: Spec
    data: TrialData
    seed: int
    folder: Path
    checkpoint_every: float = 10.0
    log: LogName | None = None
    micro_batches: int = 1


def _ignore_epoch(done: int) -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class TrainingCallbacks:
    """Who is told of a training, and is asked about it.

    Attributes:
        on_epoch: is told the epochs done.
        pruner: is told the validation loss of each epoch, and may raise.
        stop: is asked after each step why to end there, and may raise.
        note: is told where a checkpoint is damaged, and from where training goes on.
    """

    on_epoch: Callable[[int], None] = _ignore_epoch
    pruner: Pruner | None = None
    stop: StopReason = never_stop
    note: Note = ignore


@dataclass(frozen=True)
class TrainingResult:
    """What a training gave.

    Attributes:
        network: with its final weights.
        scaling: of the targets.
        predictions: [test], in the target's unit, or probabilities.
        curve: a row for each epoch.
        cost: parameters, FLOPs, times and memory.
        rounded: whether factors of matrix products were rounded in training.
    """

    network: Network
    scaling: TargetScaler
    predictions: Tensor
    curve: list[dict[str, Any]]
    cost: dict[str, Any]
    rounded: bool
