"""What a walk from one spec to another will cost, from measuring two of its hybrids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from ngn_core.attribution.ablation_plan import AblationPlan
from ngn_core.comparison.budget import Rates, measure_prepared
from ngn_core.comparison.checking import CheckedTarget
from ngn_core.comparison.request import Request
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.trial import Trial, make_trial
from ngn_core.network.build import build_network
from ngn_core.packed.recipe import recipe_of
from ngn_core.spec.spec import Spec
from ngn_core.training.flops import flops

_SAMPLE = 32
"""Crystals that are enough for a plan."""

_COUNTED = 8
"""Crystals that operations are counted on."""


@dataclass(frozen=True)
class PlanCost:
    """What a walk costs.

    Attributes:
        hybrids: specs to train, the ends and the null factor among them.
        trials: of all of them.
        stored: trials that are there already.
        seconds: that the missing ones take, about; None where nothing is missing.
    """

    hybrids: int
    trials: int
    stored: int
    seconds: float | None


def estimate_plan_cost(
    plan: AblationPlan, checked: CheckedTarget, request: Request, run: Run
) -> PlanCost:
    """Return what a walk costs.

    A short training of the hybrids with the fewest and the most operations is measured
    on a few crystals; the others lie between them.
    """
    crystals, store = checked.crystals, run.store
    every = plan.every
    missing: dict[str, list[Trial]] = {}
    for spec in every:
        trials = [
            make_trial(spec, crystals, fold, seed, run.registry)
            for fold in range(crystals.n_folds)
            for seed in range(request.seeds)
        ]
        left = [t for t in trials if run.fresh or not store.has(t.digest)]
        if left:
            missing[spec.name] = left
    count = len(every) * crystals.n_folds * request.seeds
    stored = count - sum(map(len, missing.values()))
    if not missing:
        return PlanCost(len(every), count, stored, None)
    run.reporter.note(
        f"planning {len(missing)} specs on a few crystals; nothing is trained"
    )
    unfinished = [spec for spec in every if spec.name in missing]
    sample = checked.selection.sample(
        None if len(crystals) <= _SAMPLE else max(_SAMPLE, 2 * crystals.n_folds)
    )
    prepared = replace(run, cache=None, jobs=1).prepare(unfinished, sample)
    rates = _rates(unfinished, prepared, run)
    graphs = {}
    seconds = 0.0
    for spec in unfinished:
        rate = rates[spec.name]
        graphs[recipe_of(spec, run.registry).digest()] = rate.graph * len(crystals)
        for trial in missing[spec.name]:
            train, _, test = trial.parts
            seconds += rate.trial + rate.infer * len(test)
            seconds += rate.train * len(train) * trial.epochs
    return PlanCost(len(every), count, stored, seconds + sum(graphs.values()))


def _rates(specs: Sequence[Spec], prepared: Prepared, run: Run) -> Mapping[str, Rates]:
    """Return the rates by spec, on a line over operations through the two measured."""
    counts = {}
    for done, spec in enumerate(specs, start=1):
        counts[spec.name] = _operations(spec, prepared)
        run.reporter.step("hybrids looked at", done, len(specs))
    least = min(specs, key=lambda spec: counts[spec.name])
    most = max(specs, key=lambda spec: counts[spec.name])
    low, high = measure_prepared([least, most], prepared, run)
    span = counts[most.name] - counts[least.name]

    def between(name: str, one: float, other: float) -> float:
        part = (counts[name] - counts[least.name]) / span if span else 0.0
        return one + part * (other - one)

    return {
        spec.name: Rates(
            prepared.seconds[spec.name],
            between(spec.name, low.train, high.train),
            between(spec.name, low.infer, high.infer),
            max(low.trial, high.trial),
        )
        for spec in specs
    }


def _operations(spec: Spec, prepared: Prepared) -> float:
    """Return the floating point operations of a prediction, a crystal."""
    numbers = torch.arange(min(_COUNTED, len(prepared.crystals)))
    graphs = prepared.graphs[spec.name].take(numbers)
    graphs = graphs.to(torch.device("cpu"), torch.float32)
    network = build_network(spec)
    network.observe([graphs.batch(numbers)])
    return flops(network, graphs, numbers)
