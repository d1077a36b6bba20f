"""One call of `ngn-compare`: from specs and a dataset to tables."""

from __future__ import annotations

import time
from dataclasses import dataclass
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
from ngn_core.data.crystal_set import CrystalSet
from ngn_core.data.open import default_target, open_dataset
from ngn_core.data.select import select
from ngn_core.errors import NGNError
from ngn_core.plugin.interfaces.dataset import Table as DatasetTable
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class Request:
    """What the user asked for; see `ngn-compare --help`.

    Attributes:
        dataset: what `--dataset` names, or a table made from objects.
        jobs: processes that build graphs; more than one only where the main module can
            be imported again.
    """

    specs: tuple[str, ...]
    dataset: str | DatasetTable
    out: Path
    device: torch.device
    cache: Path | None = None
    assignments: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    folds: int | None = None
    limit: int | None = None
    state: str | None = None
    seeds: int = 1
    epochs: int | None = None
    budget: str | None = None
    on_bad_structure: Literal["error", "skip"] = "error"
    fresh: bool = False
    jobs: int = 1


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
    dataset = request.dataset
    if isinstance(dataset, str):
        dataset = open_dataset(dataset, registry)
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
    crystals = _select(dataset, target, request, request.limit)
    notes = [crystals.note] if crystals.note else []
    stated: list[Spec] = []
    for spec in specs:
        with_column = with_state(spec, crystals.state, registry)
        if with_column is None:
            notes.append(f"{spec.name} has no global state and does not see --state.")
        stated.append(with_column or spec)
    specs = stated
    ends = None
    if request.budget is not None:
        whole = len(crystals)
        seconds = parse_time(request.budget)
        ends = started + seconds
        enough = None if whole <= SAMPLE else max(SAMPLE, 2 * crystals.n_folds)
        sample = _select(dataset, target, request, enough)
        policy, device = request.on_bad_structure, request.device
        rates = measure(specs, sample, registry, policy, device, watch)
        left = seconds - (time.monotonic() - started)
        per_spec = crystals.n_folds * request.seeds
        fits = plan(left, rates, whole, per_spec, crystals.n_folds)
        specs = [spec.with_epochs(fits.epochs) for spec in specs]
        if fits.crystals < whole:
            crystals = _select(dataset, target, request, fits.crystals)
        notes.append(
            f"Budget {request.budget}: {fits.epochs} epochs on {len(crystals)} of "
            f"{whole} crystals, equal for all specs; far from trained to the end."
        )
        watch.say(notes[-1])
    prepared = prepare(
        specs,
        crystals,
        registry,
        request.cache,
        request.on_bad_structure,
        watch,
        request.jobs,
    )
    rounds = [
        [
            make_trial(spec, prepared.crystals, fold, seed, registry)
            for seed in range(request.seeds)
            for spec in specs
        ]
        for fold in range(crystals.n_folds)
    ]
    results, failures = [], []
    store = Store(request.out)
    every = [trial for trials in rounds for trial in trials]
    stored = 0 if request.fresh else sum(store.has(trial.digest) for trial in every)
    watch.plan(len(every), stored)
    begun = time.monotonic()
    for done, trials in enumerate(rounds):
        if done and ends is not None:
            a_round = (time.monotonic() - begun) / done
            if time.monotonic() + a_round > ends:
                notes.append(
                    f"The budget ended after {done} of {len(rounds)} folds, for the "
                    "machine was slower than when it was measured."
                )
                break
        found = run_trials(
            trials, prepared, store, registry, request.device, watch, request.fresh
        )
        results += found[0]
        failures += found[1]
    columns, lines = lines_of(results)
    notes += prepared.remarks()
    notes.append(f"Trained on {hardware(environment(request.device))}.")
    assert prepared.crystals.target is not None
    return Table(
        dataset=prepared.crystals.name,
        target=target,
        unit=prepared.crystals.target.unit,
        task=prepared.crystals.target.task,
        crystals=len(prepared.crystals),
        n_folds=crystals.n_folds,
        fold_source=crystals.fold_source,
        seeds=request.seeds,
        columns=columns,
        lines=lines,
        failures=tuple(failures),
        skipped=prepared.crystals.skipped,
        notes=tuple(notes),
    )


def _select(
    dataset: DatasetTable, target: str, request: Request, limit: int | None
) -> CrystalSet:
    return select(
        dataset,
        target,
        state=request.state,
        folds=request.folds,
        limit=limit,
        on_bad_structure=request.on_bad_structure,
    )
