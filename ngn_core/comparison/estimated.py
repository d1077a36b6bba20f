"""Estimating a comparison before it starts, from a few measured batches."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import torch

from ngn_core.comparison.checking import CheckedTarget
from ngn_core.comparison.estimate import (
    Estimate,
    Packed,
    bytes_on_host,
    spec_estimate,
    total_host,
)
from ngn_core.comparison.request import Request
from ngn_core.comparison.work import PlannedWork, work_of
from ngn_core.costs.hardware import Hardware
from ngn_core.costs.isolated_timing import make_timed_specs, measure_in_turn
from ngn_core.costs.sample import representative
from ngn_core.costs.system_load import SystemLoad
from ngn_core.dataset.crystal_set import CrystalSet, take
from ngn_core.errors import TrialError
from ngn_core.experiment.environment import environment
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.run_context import Run
from ngn_core.packed.graphs import PARALLEL, count_missing
from ngn_core.packed.recipe import recipe_of
from ngn_core.spec.spec import Spec
from ngn_core.training.memory import resident_mebibytes

TURNS = 3
"""Turns of each spec."""

_BATCHES = 4
"""Batches of the largest batch size that are measured on."""

_LEAST = 64
"""Crystals that are measured on, where there are so many."""

LONG = 60.0
"""Seconds from which on a comparison says what it will take."""

_FEW = 10_000
"""Crystals trained on once in all, below which a comparison is short anyhow."""


def estimate(
    checked: CheckedTarget,
    specs: Sequence[Spec],
    request: Request,
    run: Run,
    reading: float,
) -> Estimate:
    """Return what a comparison on a target will take.

    The graphs of a few crystals, as large on average as all, are built and trained on.

    Args:
        checked: the target.
        specs: with the epochs that they will have.
        request: of the comparison.
        run: what it would be run with.
        reading: seconds that it took to get here.

    Raises:
        NGNError: for what the comparison would refuse too.
    """
    crystals = checked.crystals
    works = work_of(specs, crystals, request, run)
    most = max((work.batch_size for work in works), default=0)
    places = representative(crystals.crystals, max(_BATCHES * most, _LEAST))
    few = take(crystals, places.tolist())
    few = replace(few, fold=None, roles=None, n_folds=0, fold_source="")
    prepared = replace(run, cache=None, jobs=1).prepare(specs, few)
    return _measured(specs, works, crystals, prepared, request, run, reading, TURNS)


def say_long(
    specs: Sequence[Spec],
    prepared: Prepared,
    request: Request,
    run: Run,
) -> Estimate | None:
    """Return what the trials will take where that is long; None where it is not.

    The graphs are built already.
    """
    works = work_of(specs, prepared.crystals, request, run)
    if sum(work.visits for work in works) < _FEW:
        return None
    found = _measured(specs, works, prepared.crystals, prepared, request, run, 0.0, 1)
    return found if found.seconds >= LONG else None


def _measured(
    specs: Sequence[Spec],
    works: Sequence[PlannedWork],
    crystals: CrystalSet,
    prepared: Prepared,
    request: Request,
    run: Run,
    reading: float,
    turns: int,
) -> Estimate:
    """Return the estimate for crystals from measuring on those that are prepared."""
    others = SystemLoad()
    subjects = make_timed_specs(specs, prepared, run.registry)
    begun = time.perf_counter()

    def tell(done: int) -> None:
        run.reporter.step("batches measured", done, turns + 1)

    measure_in_turn(subjects, run.device, tell, turns)
    turn = (time.perf_counter() - begun) / (turns + 1) / max(len(subjects), 1)
    packed = [_packed(spec, prepared, crystals, run) for spec in specs]
    total = len(crystals)
    built: set[str] = set()
    found = []
    for subject, work, graphs in zip(subjects, works, packed, strict=True):
        if subject.failure is not None:
            raise TrialError(f"{subject.spec.name}: {subject.failure}")
        first = graphs.recipe not in built
        built.add(graphs.recipe)
        found.append(
            spec_estimate(
                subject,
                work,
                graphs if first else replace(graphs, missing=0),
                total,
                jobs=run.jobs if graphs.missing >= PARALLEL else 1,
                costs=request.costs != "none",
                turn=turn,
            )
        )
    target = crystals.target
    assert target is not None
    return Estimate(
        dataset=crystals.name,
        target=target.name,
        crystals=total,
        n_folds=crystals.n_folds,
        seeds=request.seeds,
        specs=tuple(found),
        reading=reading,
        base=resident_mebibytes(),
        host=total_host(packed, total),
        place=Hardware.of(environment(run.device)),
        others=others.cores(),
    )


def _packed(spec: Spec, prepared: Prepared, crystals: CrystalSet, run: Run) -> Packed:
    """Return the sizes of a spec's graphs, and how many have to be built."""
    recipe = recipe_of(spec, run.registry)
    graphs = prepared.graphs[spec.name]
    there = len(prepared.crystals) == len(crystals)
    return Packed(
        recipe.digest(),
        bytes_on_host(graphs) / len(graphs),
        bytes_on_host(graphs.to("cpu", torch.float32)) / len(graphs),
        0
        if there and run.cache is None
        else count_missing(crystals.ids, crystals.crystals, recipe, run.cache),
    )
