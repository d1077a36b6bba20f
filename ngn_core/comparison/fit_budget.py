"""Specs and crystals within the budget."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ngn_core.comparison.budget import SAMPLE, Budget, measure, plan
from ngn_core.comparison.checking import CheckedTarget
from ngn_core.comparison.request import Request
from ngn_core.comparison.throughput_cache import training_rate
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.trial import make_trial
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec


def within_call(
    budget: Budget,
    checked: CheckedTarget,
    request: Request,
    run: Run,
    ends: float,
) -> tuple[list[Spec], CrystalSet]:
    """Return the specs with the epochs, and the crystals, that fit a time of the call.

    Trials that choose a training count as trials.
    """
    crystals, selection, specs = checked.crystals, checked.selection, checked.specs
    whole = len(crystals)
    enough = None if whole <= SAMPLE else max(SAMPLE, 2 * crystals.n_folds)
    rates = measure(specs, selection.sample(enough), run)
    trials = crystals.n_folds * (request.seeds + request.protocol.choices)
    fits = plan(ends - time.monotonic(), rates, whole, trials, crystals.n_folds)
    if fits.crystals < whole:
        crystals = selection.crystals(fits.crystals)
    sentence = (
        f"Budget {budget.text}: {fits.epochs} epochs on {len(crystals)} of {whole} "
        "crystals, equal for all specs; far from trained to the end."
    )
    checked.notes.append(sentence)
    run.reporter.note(sentence)
    return [spec.with_epochs(fits.epochs) for spec in specs], crystals


def within_trial(
    budget: Budget,
    specs: Sequence[Spec],
    prepared: Prepared,
    run: Run,
    notes: list[str],
) -> list[Spec]:
    """Return the specs with the epochs that a budget of every trial means for each."""
    made, told = [], []
    for spec in specs:
        rate = 0.0
        if budget.of == "seconds":
            rate = training_rate(spec, prepared, run)
            told.append(f"{spec.name} {1e3 * rate:.3g} ms")
        epochs = epochs_of(budget, spec, prepared.crystals, run.registry, rate)
        made.append(spec.with_epochs(epochs))
    sentence = f"Budget {budget.text} of every trial, in whole epochs."
    if told:
        sentence += f" Measured alone, training on a crystal takes {', '.join(told)}."
    notes.append(sentence)
    return made


def epochs_of(
    budget: Budget,
    spec: Spec,
    crystals: CrystalSet,
    registry: Registry,
    rate: float = 0.0,
) -> int:
    """Return the epochs of a trial, counted on the rows of the first fold and seed.

    Args:
        budget: of every trial.
        spec: to train.
        crystals: with folds.
        registry: of components.
        rate: seconds to train on a crystal once, for a budget of seconds.
    """
    trial = make_trial(spec, crystals, 0, 0, registry)
    return budget.epochs(len(trial.parts[0]), trial.options.batch_size, rate)
