"""What a call runs its trials with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch

from ngn_core.experiment.prepare import Prepared, prepare
from ngn_core.experiment.reporter import Reporter, SilentReporter
from ngn_core.experiment.store import Store
from ngn_core.plugin.registry import Registry
from ngn_core.training.callbacks import Pruner
from ngn_core.training.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngn_core.dataset.crystal_set import CrystalSet
    from ngn_core.spec.spec import Spec
    from ngn_core.training.logs import LogName


@dataclass(frozen=True)
class Run:
    """What a call runs with, from its first graph to its last result.

    Attributes:
        registry: of components.
        store: where results are and go.
        reporter: is told of every step.
        device: where to train.
        devices: over which each trial is trained.
        cache: of graphs, None: none are kept.
        jobs: processes that build graphs.
        on_bad_structure: what becomes of crystals that cannot become graphs.
        fresh: whether stored results are computed again.
        collects: whether other processes ran the trials, whose results are only read.
        stop: says when to end before all is done.
        pruner: is told the validation loss of each epoch, and may raise.
        log: what learning curves are written for, too, into each trial's folder.
    """

    registry: Registry
    store: Store
    reporter: Reporter = field(default_factory=SilentReporter)
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    devices: int = 1
    cache: Path | None = None
    jobs: int = 1
    on_bad_structure: Literal["error", "skip"] = "error"
    fresh: bool = False
    collects: bool = False
    stop: Stop = field(default_factory=Stop)
    pruner: Pruner | None = None
    log: LogName | None = None

    def prepare(self, specs: Sequence[Spec], crystals: CrystalSet) -> Prepared:
        """Return the graphs of all specs; see `prepare`.

        Raises:
            DatasetError: for crystals that cannot become graphs, if none is skipped.
            SpecError: for specs that need what the dataset does not give.
        """
        return prepare(
            specs,
            crystals,
            self.registry,
            self.cache,
            self.on_bad_structure,
            self.reporter,
            self.jobs,
        )
