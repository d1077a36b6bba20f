"""The trials of each fold, as the protocol chooses their training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ngn_core.comparison.equal import pick
from ngn_core.comparison.inner import Bench
from ngn_core.comparison.request import Request
from ngn_core.comparison.tuned import Search, space_of
from ngn_core.errors import NGNError
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.protocol import Chosen
from ngn_core.experiment.run import Failure
from ngn_core.experiment.trial import Trial, make_trial
from ngn_core.plugin.registry import Registry
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


def fold_trials(
    fold: int,
    specs: Sequence[Spec],
    baselines: Sequence[Baseline],
    prepared: Prepared,
    request: Request,
    registry: Registry,
    bench: Bench,
) -> Fold:
    """Return the trials of a fold; choices are made now, inside of its training part.

    Args:
        fold: whose training part choices are made in.
        specs: as they are trained but for what is chosen.
        baselines: nothing of theirs is chosen.
        prepared: the graphs of the specs.
        request: names the protocol.
        registry: for components.
        bench: runs the trials inside of the fold.
    """
    models = len(specs) + len(baselines)

    def mine(model: int) -> list[int]:
        """Return the seeds of a model that belong to the shard that is asked for."""
        first = (fold * models + model) * request.seeds
        places = range(first, first + request.seeds)
        shard = request.shard
        return [p - first for p in places if shard is None or shard.has(p)]

    made = Fold()
    for place, spec in enumerate(specs):
        seeds = mine(place)
        if not seeds:
            continue
        try:
            chosen = _choose(spec, fold, prepared, request, bench)
        except NGNError as error:
            trial = make_trial(spec, prepared.crystals, fold, 0, registry)
            made.failures.append(Failure(trial, str(error)))
            bench.watch.fail(trial, str(error))
            continue
        made.trials.extend(
            (make_trial(own, found.crystals, fold, seed, registry, how), found)
            for own, how, found in [chosen]
            for seed in seeds
        )
    made.trials.extend(
        (make_trial(baseline, prepared.crystals, fold, seed, registry), prepared)
        for place, baseline in enumerate(baselines, start=len(specs))
        for seed in mine(place)
    )
    return made


def _choose(
    spec: Spec, fold: int, prepared: Prepared, request: Request, bench: Bench
) -> tuple[Spec, Chosen | None, Prepared]:
    """Return a spec with its training, how it was chosen, and its graphs."""
    if request.protocol == "equal":
        own, how = pick(
            spec, request.learning_rates, prepared, fold, request.budget, bench
        )
        return own, how, prepared
    if request.protocol == "tuned":
        target = prepared.crystals.target
        assert target is not None
        budgeted = request.budget is not None or request.epochs is not None
        space = space_of(spec, target.task, request.space, bench.registry, budgeted)
        return Search(spec, space, fold, prepared, request, bench).best()
    return spec, None, prepared
