"""One call of `ngn-compare`: from specs and a dataset to tables."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import torch

from ngn_core.compare.beyond import beyond_remarks
from ngn_core.compare.budget import SAMPLE, measure, parse_time, plan
from ngn_core.compare.comparison import Line, Table, lines_of
from ngn_core.compare.environment import environment, hardware
from ngn_core.compare.held_out_source import HeldOutSource, keep_source
from ngn_core.compare.leakage import Leakage, leakage
from ngn_core.compare.pooling import with_pooling
from ngn_core.compare.prepare import Prepared, prepare, with_state
from ngn_core.compare.result import Result
from ngn_core.compare.run import Failure, run_trials
from ngn_core.compare.selection import Selection, select_target
from ngn_core.compare.sought_twins import seek_twins
from ngn_core.compare.store import Store
from ngn_core.compare.trial import make_trial
from ngn_core.compare.watch import Watch
from ngn_core.data.averaged import averaged_remarks
from ngn_core.data.crystal_set import CrystalSet, HeldOut
from ngn_core.data.declaration import Said
from ngn_core.data.declare import declared, open_declared
from ngn_core.data.identical import identical_remarks
from ngn_core.data.needs import check_columns
from ngn_core.data.open import default_target
from ngn_core.data.rows import OnDisorder
from ngn_core.data.split_choice import SplitChoice
from ngn_core.errors import NGNError
from ngn_core.plugin.interfaces.dataset import Table as DatasetTable
from ngn_core.plugin.registry import Registry
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.load import load_all
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class Request:
    """What the user asked for; see `ngn-compare --help`.

    Attributes:
        dataset: what `--dataset` names, or a table made from objects.
        said: what is said of the dataset and its targets over its `dataset.yaml`.
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
    said: Said = field(default_factory=Said)
    split: SplitChoice = field(default_factory=SplitChoice)
    limit: int | None = None
    state: str | None = None
    seeds: int = 1
    epochs: int | None = None
    budget: str | None = None
    on_bad_structure: Literal["error", "skip"] = "error"
    on_disorder: OnDisorder = "error"
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
    every = load_all(request.specs, registry, request.assignments)
    specs = [spec for spec in every if isinstance(spec, Spec)]
    baselines = [spec for spec in every if isinstance(spec, Baseline)]
    if request.epochs is not None:
        specs = [spec.with_epochs(request.epochs) for spec in specs]
    dataset = request.dataset
    if isinstance(dataset, str):
        dataset = open_declared(dataset, registry, request.said, request.targets)
    else:
        dataset = declared(dataset, None, request.said, request.targets)
    targets = request.targets or (default_target(dataset),)
    if request.budget is not None:
        parse_time(request.budget)
        if len(targets) > 1:
            raise NGNError("--budget: expected one --target")
        if not specs:
            raise NGNError("--budget: expected a network; baselines have no epochs")
    session = _Session(request, registry, watch, started, baselines)
    checked = [session.check(target, specs, dataset) for target in targets]
    return [session.table(one) for one in checked]


@dataclass(frozen=True)
class _Checked:
    """A target with all that is needed of it, nothing wrong so far.

    Attributes:
        target: its name.
        specs: as they are trained on it.
        selection: of its rows.
        crystals: with its values.
        notes: sentences for its table.
    """

    target: str
    specs: list[Spec]
    selection: Selection
    crystals: CrystalSet
    notes: list[str]


@dataclass(frozen=True)
class _Session:
    """What stays the same for every target of a call."""

    request: Request
    registry: Registry
    watch: Watch
    started: float
    baselines: Sequence[Baseline]

    def check(
        self, target: str, specs: Sequence[Spec], dataset: DatasetTable
    ) -> _Checked:
        """Select the crystals of a target and say what is wrong, before any trial."""
        request = self.request
        selection = select_target(
            dataset,
            target,
            request.split,
            self.registry,
            state=request.state,
            on_bad_structure=request.on_bad_structure,
            on_disorder=request.on_disorder,
            read=check_columns(specs, dataset, target, request.state is not None),
        )
        crystals = selection.crystals(request.limit)
        if selection.held_out is not None:
            keep_source(self._source(target, selection.held_out), request.out)
        notes = [crystals.note] if crystals.note else []
        specs = self._stated(specs, crystals, notes)
        specs = with_pooling(specs, crystals, self.registry)
        return _Checked(target, specs, selection, crystals, notes)

    def table(self, checked: _Checked) -> Table:
        """Prepare, train, and return the table of one target."""
        request, notes = self.request, checked.notes
        specs, crystals = checked.specs, checked.crystals
        if request.budget is not None:
            specs, crystals = self._affordable(
                specs, crystals, checked.selection, notes
            )
        notes += crystals.remarks
        prepared = prepare(
            specs,
            crystals,
            self.registry,
            request.cache,
            request.on_bad_structure,
            self.watch,
            request.jobs,
        )
        results, failures = self._train([*specs, *self.baselines], prepared, notes)
        columns, lines = lines_of(results)
        column = prepared.crystals.target
        assert column is not None
        notes += prepared.remarks()
        notes += beyond_remarks(specs, prepared.graphs)
        notes += averaged_remarks(prepared.crystals)
        notes += identical_remarks(prepared.crystals)
        notes += column.remarks()
        notes.append(f"Trained on {hardware(environment(request.device))}.")
        return Table(
            dataset=prepared.crystals.name,
            target=checked.target,
            unit=column.unit,
            task=column.task,
            crystals=len(prepared.crystals),
            n_folds=crystals.n_folds,
            fold_source=crystals.fold_source,
            held_out=0 if crystals.held_out is None else len(crystals.held_out.ids),
            seeds=request.seeds,
            columns=columns,
            lines=lines,
            failures=tuple(failures),
            skipped=prepared.crystals.skipped,
            notes=tuple(notes),
            leakage=self._leakage(prepared.crystals, lines),
        )

    def _leakage(self, crystals: CrystalSet, lines: Sequence[Line]) -> Leakage | None:
        results = [result for line in lines for result in line.results]
        if not results:
            return None
        request = self.request
        sought = seek_twins(
            crystals,
            request.cache,
            lambda done, total: self.watch.step("twins", done, total),
            request.jobs,
        )
        return leakage(crystals, sought.numbers, results, self.registry, sought.remark)

    def _source(self, target: str, held_out: HeldOut) -> HeldOutSource:
        """Return what `ngn holdout` needs to find the crystals again."""
        request = self.request
        dataset = request.dataset
        return HeldOutSource(
            held_out,
            dataset if isinstance(dataset, str) else None,
            request.said,
            target,
            request.state,
            request.on_disorder,
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
        selection: Selection,
        notes: list[str],
    ) -> tuple[list[Spec], CrystalSet]:
        """Return the specs with the epochs, and the crystals, that fit the budget."""
        assert self.request.budget is not None
        whole = len(crystals)
        enough = None if whole <= SAMPLE else max(SAMPLE, 2 * crystals.n_folds)
        rates = measure(
            specs,
            selection.sample(enough),
            self.registry,
            self.request.on_bad_structure,
            self.request.device,
            self.watch,
        )
        left = self._ends() - time.monotonic()
        trials = crystals.n_folds * self.request.seeds
        fits = plan(left, rates, whole, trials, crystals.n_folds)
        if fits.crystals < whole:
            crystals = selection.crystals(fits.crystals)
        notes.append(
            f"Budget {self.request.budget}: {fits.epochs} epochs on {len(crystals)} of "
            f"{whole} crystals, equal for all specs; far from trained to the end."
        )
        self.watch.say(notes[-1])
        return [spec.with_epochs(fits.epochs) for spec in specs], crystals

    def _train(
        self,
        specs: Sequence[Spec | Baseline],
        prepared: Prepared,
        notes: list[str],
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
