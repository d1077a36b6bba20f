"""The protocol `tuned`: a study of each spec inside of each fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, final

from ngn_core.comparison.budget import Budget
from ngn_core.comparison.inner import SHARE
from ngn_core.comparison.protocol import Protocol, Training
from ngn_core.comparison.search import Search
from ngn_core.comparison.space import (
    Dimension,
    check_space,
    default_space,
    read_space,
)
from ngn_core.errors import NGNError
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.run_context import Run
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import override_spec
from ngn_core.spec.spec import Spec, Task


@final
@dataclass(frozen=True)
class TunedProtocol(Protocol):
    """The best spec of a study for each spec and fold.

    Attributes:
        trials: of each study.
        space: file with what is searched; None: the default space.
    """

    name: ClassVar[str] = "tuned"
    needs_budget: ClassVar[bool] = False
    trials: int = 20
    space: Path | None = None

    def __post_init__(self) -> None:
        if self.trials < 1:
            raise NGNError(f"--trials {self.trials}: expected a number from 1 on")

    @property
    def choices(self) -> int:
        """Return the trials of a study."""
        return self.trials

    def lay_out(
        self, specs: Sequence[Spec], assignments: Sequence[str], registry: Registry
    ) -> list[Spec]:
        """Return the specs, those without a validation part with one."""
        kept = []
        for spec in specs:
            made = spec
            if any(options.validation == 0 for options in spec.train.values()):
                laid = [f"train.validation={SHARE}"]
                made = override_spec(spec, registry, laid, "--protocol tuned")
            kept.append(replace(made, point=spec.point))
        return kept

    def choose(
        self, spec: Spec, fold: int, prepared: Prepared, budget: Budget | None, run: Run
    ) -> Training:
        """Return the best spec of a study in the fold.

        Raises:
            SpecError: for a space whose keys or values do not fit the spec.
            TrialError: where no trial of the study gives a score.
        """
        target = prepared.crystals.target
        assert target is not None
        space = self.space_of(spec, target.task, budget, run.registry)
        return Search(spec, space, self.trials, fold, prepared, budget, run).best()

    def space_of(
        self, spec: Spec, task: Task, budget: Budget | None, registry: Registry
    ) -> list[Dimension]:
        """Return what a study of a spec searches, checked on the spec.

        Raises:
            SpecError: for a file whose keys or values do not fit the spec.
        """
        if self.space is None:
            return default_space(spec, task, registry, budget is not None)
        space = read_space(self.space)
        check_space(space, spec, task, registry)
        return space
