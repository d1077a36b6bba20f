"""The study of one spec inside of one fold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ngn_core.comparison.budget import Budget
from ngn_core.comparison.inner import inner_part, required, score_inside
from ngn_core.comparison.protocol import Training
from ngn_core.comparison.space import Dimension, own_values, with_values
from ngn_core.comparison.study import Measured, run_study
from ngn_core.errors import NGNError, TrialError
from ngn_core.experiment.lease import alone
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.protocol import Chosen
from ngn_core.experiment.result import Result
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.training_record import tested
from ngn_core.experiment.trial import make_trial
from ngn_core.packed.recipe import recipe_of
from ngn_core.spec.spec import Spec, Task, Tuned
from ngn_core.training.callbacks import Pruner

FOLDER = "studies"
"""Where in the folder of results the journals of studies are."""


@dataclass(frozen=True)
class Search:
    """A study of one spec in one fold.

    Attributes:
        spec: with a validation part.
        space: what is searched.
        trials: how many there are to be.
        fold: whose training part is parted.
        prepared: the whole dataset, with the spec's graphs.
        budget: of every trial.
        run: what they are run with.
    """

    spec: Spec
    space: Sequence[Dimension]
    trials: int
    fold: int
    prepared: Prepared
    budget: Budget | None
    run: Run

    def best(self) -> Training:
        """Return the best spec of the study, how it was chosen, and its graphs.

        Raises:
            TrialError: where no trial gives a score.
        """
        results: dict[str, Result] = {}

        def objective(values: Mapping[str, Any], pruner: Pruner) -> Measured:
            result = self._try(values, pruner)
            if not isinstance(result, Result):
                return Measured(None)
            results[_key(values)] = result
            losses = [row["validation_loss"] for row in result.curve]
            seconds = result.cost["train_seconds"]
            return Measured(required(result), losses, seconds)

        own = own_values(self.spec, self._task, self.space)
        inside = all(one.holds(own[one.key]) for one in self.space)
        journal = self._journal()
        with alone(journal.with_suffix(".leases")):
            tried = run_study(
                journal,
                self.space,
                self.trials,
                objective,
                own if inside else None,
                self.spec.train[self._task].epochs // 4,
            )
        scored = [
            (one.score, place)
            for place, one in enumerate(tried)
            if one.score is not None
        ]
        if not scored:
            raise TrialError(
                f"none of {len(tried)} trials of the study in fold {self.fold} gives a "
                "score"
            )
        values = tried[min(scored)[1]].values
        return self._chosen(values, tried, results)

    def _chosen(
        self, values: Mapping[str, Any], tried: Sequence[Any], results: dict[str, Any]
    ) -> Training:
        best = results.get(_key(values)) or self._try(values, None)
        assert isinstance(best, Result)
        score = best.scores[0]
        sign = 1.0 if score.better == "lower" else -1.0
        trial = make_trial(
            self.spec, self.prepared.crystals, self.fold, 0, self.run.registry
        )
        spec, prepared = self._candidate(values)
        tuned = Tuned(
            spec=self.spec.name,
            dataset=self.prepared.crystals.name,
            target=trial.target.name,
            fold=self.fold,
            folds=self.prepared.crystals.n_folds,
            tested=tested(trial),
            trials=len(tried),
            score=score.value,
            metric=f"{score.title} {score.unit}".strip(),
        )
        how = Chosen(
            "tuned",
            None if self.budget is None else self.budget.recorded,
            tuple(
                (one.values, None if one.score is None else sign * one.score)
                for one in tried
            ),
            values,
            sum(one.seconds for one in tried),
        )
        return Training(replace(spec, tuned=tuned), how, prepared)

    @property
    def _task(self) -> Task:
        target = self.prepared.crystals.target
        assert target is not None
        return target.task

    def _try(self, values: Mapping[str, Any], pruner: Pruner | None) -> object:
        try:
            spec, prepared = self._candidate(values)
        except NGNError as error:
            self.run.reporter.note(f"{self.spec.name}, {_label(values)}: {error}")
            return None
        run = replace(self.run, pruner=pruner)
        return score_inside(spec, prepared, self.fold, _label(values), run)

    def _candidate(self, values: Mapping[str, Any]) -> tuple[Spec, Prepared]:
        """Return the spec with some values, and its graphs of the same crystals."""
        registry = self.run.registry
        spec = with_values(self.spec, self._task, values, registry)
        recipe, own = recipe_of(spec, registry), recipe_of(self.spec, registry)
        if recipe.digest() == own.digest():
            return spec, self.prepared
        prepared = self.run.prepare([spec], self.prepared.crystals)
        if len(prepared.crystals) < len(self.prepared.crystals):
            raise TrialError("not all crystals have such a graph")
        return spec, prepared

    def _journal(self) -> Path:
        """Return the file of the study: what it sees, and what it searches."""
        registry = self.run.registry
        inner = inner_part(self.spec, self.prepared, self.fold, registry)
        alone = replace(self.spec, point=None)
        trial = make_trial(alone, inner.crystals, 0, 0, registry)
        plain = [trial.digest, [one.plain() for one in self.space]]
        key = hashlib.sha256(json.dumps(plain).encode()).hexdigest()
        return self.run.store.runs / FOLDER / f"{key[:16]}.journal"


def _key(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True)


def _label(values: Mapping[str, Any]) -> str:
    told = (
        f"{key.rpartition('.')[2]} {_short(value)}" for key, value in values.items()
    )
    return ", ".join(told)


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
