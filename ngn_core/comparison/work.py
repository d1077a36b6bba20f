"""What is left to do of a comparison: trials, and the crystals of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from ngn_core.comparison.request import Request
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.trial import make_trial
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class PlannedWork:
    """The trials of one spec.

    Attributes:
        spec: its name.
        trials: that are not stored yet, those that choose a training among them.
        stored: that are.
        epochs: of each, at most.
        batch_size: crystals a step.
        train: crystals trained on, mean over the trials.
        validation: crystals validated on, mean.
        test: crystals tested on, mean.
    """

    spec: str
    trials: int
    stored: int
    epochs: int
    batch_size: int
    train: float
    validation: float
    test: float

    @property
    def visits(self) -> float:
        """Return how often a crystal is trained on, in all trials."""
        return self.trials * self.epochs * self.train


def work_of(
    specs: Sequence[Spec], crystals: CrystalSet, request: Request, run: Run
) -> list[PlannedWork]:
    """Return the work of each spec on crystals with folds.

    Trials that choose a training are counted as whole ones.
    """
    protocol, store = request.protocol, run.store
    found = []
    for spec in specs:
        trials = [
            make_trial(spec, crystals, fold, seed, run.registry)
            for fold in range(crystals.n_folds)
            for seed in range(request.seeds)
        ]
        known = not protocol.chooses and not run.fresh
        stored = sum(store.has(trial.digest) for trial in trials) if known else 0
        train, validation, test = (
            fmean(len(trial.parts[part]) for trial in trials) for part in range(3)
        )
        options = trials[0].options
        found.append(
            PlannedWork(
                spec.name,
                len(trials) - stored + protocol.choices * crystals.n_folds,
                stored,
                options.epochs,
                options.batch_size,
                train,
                validation,
                test,
            )
        )
    return found
