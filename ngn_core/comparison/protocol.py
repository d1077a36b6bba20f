"""The interface of protocols: how the training of every spec is chosen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ngn_core.comparison.budget import Budget
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.protocol import Chosen
from ngn_core.experiment.run_context import Run
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class Training:
    """A spec as it is trained on one fold.

    Attributes:
        spec: with its training.
        chosen: how that was chosen, None where it is the spec's own.
        prepared: the spec's graphs.
    """

    spec: Spec
    chosen: Chosen | None
    prepared: Prepared


class Protocol(ABC):
    """How the training of every spec in a comparison is chosen.

    Attributes:
        name: as the user says it, and as records keep it.
        needs_budget: whether there must be a budget, the same for every spec.
    """

    name: ClassVar[str]
    needs_budget: ClassVar[bool]

    @property
    @abstractmethod
    def choices(self) -> int:
        """Return how many trainings choose that of one spec in one fold."""

    @property
    def chooses(self) -> bool:
        """Return whether there is a choice; else all trials are known at once."""
        return self.choices > 0

    @abstractmethod
    def lay_out(
        self, specs: Sequence[Spec], assignments: Sequence[str], registry: Registry
    ) -> list[Spec]:
        """Return the specs as they are trained, but for what is chosen.

        Args:
            specs: as their files and the user say.
            assignments: what the user said of all of them.
            registry: of components.

        Raises:
            NGNError: where the user says what the protocol chooses.
        """

    @abstractmethod
    def choose(
        self, spec: Spec, fold: int, prepared: Prepared, budget: Budget | None, run: Run
    ) -> Training:
        """Return how a spec is trained on a fold.

        Args:
            spec: as `lay_out` returns it, within the budget.
            fold: whose training part is all that a choice sees.
            prepared: the whole dataset, with the spec's graphs.
            budget: of every trial.
            run: what the trials that choose are run with.

        Raises:
            NGNError: where no training can be chosen.
        """
