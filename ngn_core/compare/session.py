"""One call of `ngn-compare`: from specs and a dataset to tables."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import torch

from ngn_core.compare.budget import SAMPLE, measure, parse_time, plan
from ngn_core.compare.comparison import Table, lines_of
from ngn_core.compare.environment import environment, hardware
from ngn_core.compare.prepare import prepare, with_state
from ngn_core.compare.run import run_trials
from ngn_core.compare.store import Store
from ngn_core.compare.trial import make_trial
from ngn_core.compare.watch import Watch
from ngn_core.data.open import default_target, open_dataset
from ngn_core.data.select import select
from ngn_core.errors import NGNError
from ngn_core.plugin.interfaces.dataset import Table as DatasetTable
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class Request:
    """What the user asked for; see `ngn-compare --help`."""

    specs: tuple[str, ...]
    assignments: tuple[str, ...]
    dataset: str
    targets: tuple[str, ...]
    folds: int | None
    limit: int | None
    state: str | None
    seeds: int
    epochs: int | None
    budget: str | None
    on_bad_structure: Literal["error", "skip"]
    device: torch.device
    out: Path
    cache: Path | None
    fresh: bool


def compare(request: Request, registry: Registry, watch: Watch) -> list[Table]:
    """Return one table for each target.

    Raises:
        NGNError: for anything that is wrong before the first trial.
    """
    started = time.monotonic()
    for name, number in (("--seeds", request.seeds), ("--epochs", request.epochs)):
        if number is not None and number < 1:
            raise NGNError(f"{name} {number}: expected a number from 1 on")
    specs = load_specs(request.specs, registry, request.assignments)
    if request.epochs is not None:
        specs = [spec.with_epochs(request.epochs) for spec in specs]
    dataset = open_dataset(request.dataset, registry)
    targets = request.targets or (default_target(dataset),)
    if request.budget is not None and len(targets) > 1:
        raise NGNError("--budget: expected one --target")
    return [
        _compare_on(target, specs, dataset, request, registry, watch, started)
        for target in targets
    ]


def _compare_on(
    target: str,
    specs: list[Spec],
    dataset: DatasetTable,
    request: Request,
    registry: Registry,
    watch: Watch,
    started: float,
) -> Table:
    crystals = select(
        dataset,
        target,
        request.state,
        request.folds,
        request.limit,
        request.on_bad_structure,
    )
    notes = [crystals.note] if crystals.note else []
    whole = len(crystals)
    stated: list[Spec] = []
    for spec in specs:
        with_column = with_state(spec, crystals.state, registry)
        if with_column is None:
            notes.append(f"{spec.name} has no global state and does not see --state.")
        stated.append(with_column or spec)
    specs = stated
    if request.budget is not None:
        limit = None if whole <= SAMPLE else max(SAMPLE, 2 * crystals.n_folds)
        sample = select(
            dataset,
            target,
            request.state,
            request.folds,
            limit,
            request.on_bad_structure,
        )
        rates = measure(
            specs, sample, registry, request.on_bad_structure, request.device, watch
        )
        left = parse_time(request.budget) - (time.monotonic() - started)
        trials = crystals.n_folds * request.seeds
        fits = plan(left, rates, whole, trials, crystals.n_folds)
        specs = [spec.with_epochs(fits.epochs) for spec in specs]
        if fits.crystals < whole:
            crystals = select(
                dataset,
                target,
                request.state,
                request.folds,
                fits.crystals,
                request.on_bad_structure,
            )
        notes.append(
            f"Budget {request.budget}: {fits.epochs} epochs on {len(crystals)} of "
            f"{whole} crystals, equal for all specs; far from trained to the end."
        )
        watch.say(notes[-1])
    prepared = prepare(
        specs, crystals, registry, request.cache, request.on_bad_structure, watch
    )
    trials = [
        make_trial(spec, prepared.crystals, fold, seed, registry)
        for fold in range(crystals.n_folds)
        for seed in range(request.seeds)
        for spec in specs
    ]
    results, failures = run_trials(
        trials,
        prepared,
        Store(request.out),
        registry,
        request.device,
        watch,
        fresh=request.fresh,
    )
    columns, lines = lines_of(results)
    notes.append(f"Trained on {hardware(environment(request.device))}.")
    assert prepared.crystals.target is not None
    column = prepared.crystals.target
    return Table(
        dataset=prepared.crystals.name,
        target=target,
        unit=column.unit,
        task=column.task,
        crystals=len(prepared.crystals),
        folds=tuple(range(crystals.n_folds)),
        n_folds=crystals.n_folds,
        fold_source=crystals.fold_source,
        seeds=tuple(range(request.seeds)),
        columns=columns,
        lines=lines,
        failures=tuple(failures),
        skipped=prepared.crystals.skipped,
        notes=tuple(notes),
    )
