"""One call of `ngn-compare`: from specs and a dataset to tables."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch

from ngn_core.compare.budget import SAMPLE, measure, parse_time, plan
from ngn_core.compare.comparison import Table, lines_of
from ngn_core.compare.environment import environment, hardware
from ngn_core.compare.prepare import Prepared, prepare, with_state
from ngn_core.compare.result import Result
from ngn_core.compare.run import Failure, run_trials
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
    if request.budget is not None:
        parse_time(request.budget)
        if len(targets) > 1:
            raise NGNError("--budget: expected one --target")
    session = _Session(request, registry, watch, started)
    return [session.table(target, specs, dataset) for target in targets]


@dataclass(frozen=True)
class _Session:
    """What stays the same for every target of a call."""

    request: Request
    registry: Registry
    watch: Watch
    started: float

    def table(self, target: str, specs: Sequence[Spec], dataset: DatasetTable) -> Table:
        """Select, prepare, train, and return the table of one target."""
        request = self.request
        crystals = self._select(dataset, target, request.limit)
        notes = [crystals.note] if crystals.note else []
        specs = self._stated(specs, crystals, notes)
        if request.budget is not None:
            specs, crystals = self._affordable(specs, crystals, dataset, notes)
        prepared = prepare(
            specs,
            crystals,
            self.registry,
            request.cache,
            request.on_bad_structure,
            self.watch,
            request.jobs,
        )
        results, failures = self._train(specs, prepared, notes)
        columns, lines = lines_of(results)
        notes += prepared.remarks()
        notes.append(f"Trained on {hardware(environment(request.device))}.")
        column = prepared.crystals.target
        assert column is not None
        return Table(
            dataset=prepared.crystals.name,
            target=target,
            unit=column.unit,
            task=column.task,
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
        self, dataset: DatasetTable, target: str, limit: int | None
    ) -> CrystalSet:
        return select(
            dataset,
            target,
            state=self.request.state,
            folds=self.request.folds,
            limit=limit,
            on_bad_structure=self.request.on_bad_structure,
        )

    def _stated(
        self, specs: Sequence[Spec], crystals: CrystalSet, notes: list[str]
    ) -> list[Spec]:
        """Return the specs with the state's column, where they have a state."""
        stated = []
        for spec in specs:
            found = with_state(spec, crystals.state, self.registry)
            if found is None:
                notes.append(
                    f"{spec.name} has no global state and does not see --state."
                )
            stated.append(found or spec)
        return stated

    def _affordable(
        self,
        specs: Sequence[Spec],
        crystals: CrystalSet,
        dataset: DatasetTable,
        notes: list[str],
    ) -> tuple[list[Spec], CrystalSet]:
        """Return the specs with the epochs, and the crystals, that fit the budget."""
        assert self.request.budget is not None
        assert crystals.target is not None
        target, whole = crystals.target.name, len(crystals)
        enough = None if whole <= SAMPLE else max(SAMPLE, 2 * crystals.n_folds)
        rates = measure(
            specs,
            self._select(dataset, target, enough),
            self.registry,
            self.request.on_bad_structure,
            self.request.device,
            self.watch,
        )
        left = self._ends() - time.monotonic()
        trials = crystals.n_folds * self.request.seeds
        fits = plan(left, rates, whole, trials, crystals.n_folds)
        if fits.crystals < whole:
            crystals = self._select(dataset, target, fits.crystals)
        notes.append(
            f"Budget {self.request.budget}: {fits.epochs} epochs on {len(crystals)} of "
            f"{whole} crystals, equal for all specs; far from trained to the end."
        )
        self.watch.say(notes[-1])
        return [spec.with_epochs(fits.epochs) for spec in specs], crystals

    def _train(
        self, specs: Sequence[Spec], prepared: Prepared, notes: list[str]
    ) -> tuple[list[Result], list[Failure]]:
        """Run the trials fold by fold, whole folds only where the budget ends."""
        request, store = self.request, Store(self.request.out)
        rounds = [
            [
                make_trial(spec, prepared.crystals, fold, seed, self.registry)
                for seed in range(request.seeds)
                for spec in specs
            ]
            for fold in range(prepared.crystals.n_folds)
        ]
        every = [trial for trials in rounds for trial in trials]
        stored = 0 if request.fresh else sum(store.has(trial.digest) for trial in every)
        self.watch.plan(len(every), stored)
        results: list[Result] = []
        failures: list[Failure] = []
        begun = time.monotonic()
        for done, trials in enumerate(rounds):
            now = time.monotonic()
            if done and now + (now - begun) / done > self._ends():
                notes.append(
                    f"The budget ended after {done} of {len(rounds)} folds, for the "
                    "machine was slower than when it was measured."
                )
                break
            found, failed = run_trials(
                trials,
                prepared,
                store,
                self.registry,
                request.device,
                self.watch,
                request.fresh,
            )
            results += found
            failures += failed
        return results, failures

    def _ends(self) -> float:
        """Return when the budget ends; never, where there is none."""
        if self.request.budget is None:
            return math.inf
        return self.started + parse_time(self.request.budget)
