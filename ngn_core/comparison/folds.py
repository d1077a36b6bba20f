"""The trials of a target, fold by fold, as the protocol chooses their training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ngn_core.comparison.budget import Budget
from ngn_core.comparison.request import Request
from ngn_core.errors import NGNError
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.run import Failure
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.trial import Trial, make_trial
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class Fold:
    """The trials of one fold.

    Attributes:
        trials: to run, with the graphs of each.
        failures: of specs whose training could not be chosen.
    """

    trials: list[tuple[Trial, Prepared]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """The trials of a target: specs, folds and seeds.

    Attributes:
        specs: as they are trained but for what is chosen.
        baselines: nothing of theirs is chosen.
        prepared: the graphs of the specs.
        request: names the protocol, the seeds and the shard.
        budget: of every trial.
        run: what they are run with, and what a choice is made with.
    """

    specs: Sequence[Spec]
    baselines: Sequence[Baseline]
    prepared: Prepared
    request: Request
    budget: Budget | None
    run: Run

    @property
    def n_folds(self) -> int:
        """Return how many folds there are."""
        return self.prepared.crystals.n_folds

    def trials(self) -> list[Trial]:
        """Return all trials in the order of the shards, nothing chosen."""
        models: list[Spec | Baseline] = [*self.specs, *self.baselines]
        return [
            self._trial(model, fold, seed)
            for fold in range(self.n_folds)
            for model in models
            for seed in range(self.request.seeds)
        ]

    def fold(self, fold: int) -> Fold:
        """Return the trials of a fold; choices are made now, in its training part."""
        made = Fold()
        protocol = self.request.protocol
        for place, spec in enumerate(self.specs):
            seeds = self._seeds(fold, place)
            if not seeds:
                continue
            try:
                found = protocol.choose(
                    spec, fold, self.prepared, self.budget, self.run
                )
            except NGNError as error:
                trial = self._trial(spec, fold, 0)
                made.failures.append(Failure(trial, str(error)))
                self.run.reporter.fail(trial, str(error))
                continue
            crystals, registry = found.prepared.crystals, self.run.registry
            made.trials.extend(
                (
                    make_trial(
                        found.spec, crystals, fold, seed, registry, found.chosen
                    ),
                    found.prepared,
                )
                for seed in seeds
            )
        made.trials.extend(
            (self._trial(baseline, fold, seed), self.prepared)
            for place, baseline in enumerate(self.baselines, start=len(self.specs))
            for seed in self._seeds(fold, place)
        )
        return made

    def _seeds(self, fold: int, model: int) -> list[int]:
        """Return the seeds of a model that belong to the shard that is asked for."""
        shard, seeds = self.request.shard, self.request.seeds
        first = (fold * (len(self.specs) + len(self.baselines)) + model) * seeds
        places = range(first, first + seeds)
        return [p - first for p in places if shard is None or shard.has(p)]

    def _trial(self, model: Spec | Baseline, fold: int, seed: int) -> Trial:
        return make_trial(model, self.prepared.crystals, fold, seed, self.run.registry)
