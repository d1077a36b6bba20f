"""The protocol `equal`: one training for all specs, and a learning rate for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, final

from ngn_core.comparison.budget import Budget
from ngn_core.comparison.inner import SHARE, required, score_inside
from ngn_core.comparison.protocol import Protocol, Training
from ngn_core.errors import NGNError, TrialError
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.protocol import Chosen
from ngn_core.experiment.result import Result
from ngn_core.experiment.run_context import Run
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import override_spec
from ngn_core.spec.spec import Spec

_ORIGIN = "--protocol equal"

_RATE = ("train", "optimizer", "lr")

_EQUAL = {
    "train.batch_size": "64",
    "train.batch_by": "crystals",
    "train.loss": "mae",
    "train.schedule": "{use: cosine}",
    "train.validation": str(SHARE),
    "train.patience": "null",
    "train.by_task": "null",
}
"""What is the same for all specs. What is not named stays each spec's own: optimizer,
clipping, averaging, dropout, initialization."""


@final
@dataclass(frozen=True)
class EqualProtocol(Protocol):
    """One training for all, and the learning rate of each from one grid.

    Attributes:
        learning_rates: the grid.
    """

    name: ClassVar[str] = "equal"
    needs_budget: ClassVar[bool] = True
    learning_rates: tuple[float, ...] = (1.0e-4, 3.0e-4, 1.0e-3, 3.0e-3)

    @property
    def choices(self) -> int:
        """Return one training a learning rate."""
        return len(self.learning_rates)

    def lay_out(
        self, specs: Sequence[Spec], assignments: Sequence[str], registry: Registry
    ) -> list[Spec]:
        """Return the specs with one training; what `--set` says of it is said for all.

        Raises:
            NGNError: where `--set` says a learning rate, which is picked.
            SpecError: for an optimizer without a learning rate.
        """
        said = {assignment.partition("=")[0] for assignment in assignments}
        if ".".join(_RATE) in said:
            raise NGNError(
                "--set train.optimizer.lr: --protocol equal picks it for each spec; "
                "expected --learning-rates with what it picks from"
            )
        own = {key for key in _EQUAL for one in said if f"{one}.".startswith(f"{key}.")}
        laid = [f"{key}={value}" for key, value in _EQUAL.items() if key not in own]
        equal = []
        for spec in specs:
            made = override_spec(spec, registry, laid, _ORIGIN)
            made.with_learning_rate(1.0)
            equal.append(replace(made, point=spec.point))
        return equal

    def choose(
        self, spec: Spec, fold: int, prepared: Prepared, budget: Budget | None, run: Run
    ) -> Training:
        """Return the spec with the rate that is best on the fold's inner rows.

        Raises:
            TrialError: where none of them gives a score.
        """
        rates = self.learning_rates
        found = [
            score_inside(
                spec.with_learning_rate(rate), prepared, fold, f"lr {rate:g}", run
            )
            for rate in rates
        ]
        scores = [required(one) if isinstance(one, Result) else None for one in found]
        known = [score for score in scores if score is not None]
        if not known:
            reasons = "; ".join(
                f"{rate:g}: {'no score' if isinstance(one, Result) else one.reason}"
                for rate, one in zip(rates, found, strict=True)
            )
            raise TrialError(f"no learning rate of the grid trains: {reasons}")
        best = rates[scores.index(min(known))]
        seconds = sum(
            one.cost["train_seconds"] or 0.0 for one in found if isinstance(one, Result)
        )
        chosen = Chosen(
            self.name,
            None if budget is None else budget.recorded,
            tuple(
                ({"lr": rate}, _shown(one))
                for rate, one in zip(rates, found, strict=True)
            ),
            {"lr": best},
            seconds,
            apart=(_RATE,),
        )
        return Training(spec.with_learning_rate(best), chosen, prepared)


def _shown(found: object) -> float | None:
    if not isinstance(found, Result) or math.isnan(found.scores[0].value):
        return None
    return found.scores[0].value
