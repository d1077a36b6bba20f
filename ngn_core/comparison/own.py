"""The protocol `own`: each spec is trained as its file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from ngn_core.comparison.budget import Budget
from ngn_core.comparison.protocol import Protocol, Training
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.protocol import OWN
from ngn_core.experiment.run_context import Run
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec


@final
@dataclass(frozen=True)
class OwnProtocol(Protocol):
    """Nothing is chosen."""

    name: ClassVar[str] = OWN
    needs_budget: ClassVar[bool] = False

    @property
    def choices(self) -> int:
        """Return 0."""
        return 0

    def lay_out(
        self, specs: Sequence[Spec], assignments: Sequence[str], registry: Registry
    ) -> list[Spec]:
        """Return the specs as they are."""
        return list(specs)

    def choose(
        self, spec: Spec, fold: int, prepared: Prepared, budget: Budget | None, run: Run
    ) -> Training:
        """Return the spec as it is."""
        return Training(spec, None, prepared)
