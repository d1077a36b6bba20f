"""One call of `ngn-compare`: from specs and a dataset to tables."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ngn_core.comparison.beyond import beyond_remarks
from ngn_core.comparison.budget import Budget, parse_budget
from ngn_core.comparison.checking import (
    CheckedTarget,
    asked_dataset,
    budget_of,
    check_executor,
    check_target,
)
from ngn_core.comparison.device import check_devices
from ngn_core.comparison.estimate import Estimate
from ngn_core.comparison.estimated import estimate, say_long
from ngn_core.comparison.fit_budget import epochs_of, within_call, within_trial
from ngn_core.comparison.folds import Grid
from ngn_core.comparison.request import Request
from ngn_core.comparison.run_folds import run_folds
from ngn_core.comparison.run_remotely import run_remotely
from ngn_core.costs.cost_files import read_costs
from ngn_core.costs.measure_costs import COSTS_SHARE, measure_costs
from ngn_core.dataset.averaged import averaged_remarks
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.identical import identical_remarks
from ngn_core.dataset.open import default_target
from ngn_core.errors import NGNError
from ngn_core.experiment.facts import DatasetFacts
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.reporter import SilentReporter
from ngn_core.experiment.result import Result
from ngn_core.experiment.run import Failure
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.sought_duplicates import seek_duplicates
from ngn_core.matbench.external_results import ExternalResults
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.load import load_all
from ngn_core.spec.spec import Spec
from ngn_core.summary.add_facts import add_facts, facts_of
from ngn_core.summary.comparison import ComparisonTable
from ngn_core.summary.tables import ReportOptions, TaskInfo, table_of

__all__ = ["Request", "compare", "estimates"]


def compare(request: Request, run: Run) -> list[ComparisonTable]:
    """Return one table for each target.

    Raises:
        NGNError: for anything that is wrong before the first trial.
    """
    comparison, checked = _begin(request, run)
    return [comparison.table(one) for one in checked]


def run_share(request: Request, run: Run) -> list[Failure]:
    """Run the trials, or a shard of them, without a table; return what failed.

    Raises:
        NGNError: for anything that is wrong before the first trial.
        Stopped: where the work was asked to end.
    """
    comparison, checked = _begin(request, run)
    return [failure for one in checked for failure in comparison.share(one)]


def estimates(request: Request, run: Run) -> list[Estimate]:
    """Return what the comparison on each target will take.

    Raises:
        NGNError: for anything that is wrong before the first trial, and where the
            time is given.
    """
    given = request.budget
    if given is not None and parse_budget(given).timed:
        raise NGNError(
            f"--budget {given}: the time is given, and there is nothing to estimate; "
            "expected epochs=N or steps=N"
        )
    if request.devices > 1:
        raise NGNError(
            f"--devices {request.devices}: how much faster several train is not "
            "measured; expected none, for an estimate of one"
        )
    comparison, checked = _begin(request, run)
    return [comparison.estimate(one) for one in checked]


def _begin(request: Request, run: Run) -> tuple[_Comparison, list[CheckedTarget]]:
    """Return all that is known before the first graph is built."""
    started = time.monotonic()
    budget = budget_of(request)
    check_executor(request, budget, run)
    check_devices(run, budget)
    assignments, registry = request.assignments, run.registry
    every = load_all(request.specs, registry, assignments, request.sweeps)
    request.verdict_options.check([spec.name for spec in every])
    specs = [spec for spec in every if isinstance(spec, Spec)]
    baselines = [spec for spec in every if isinstance(spec, Baseline)]
    specs = request.protocol.lay_out(specs, assignments, registry)
    dataset = asked_dataset(request, registry)
    targets = request.targets or (default_target(dataset),)
    if budget is not None and budget.of == "call" and len(targets) > 1:
        raise NGNError(f"--budget {budget.text}: expected one --target")
    if budget is not None and not specs:
        raise NGNError("--budget: expected a network; baselines have no epochs")
    external = ExternalResults(request.against, request.leaderboard)
    comparison = _Comparison(request, run, budget, started, baselines, external)
    checked = [
        check_target(request, target, specs, dataset, registry) for target in targets
    ]
    external.check([one.crystals for one in checked])
    return comparison, checked


@dataclass(frozen=True)
class _Comparison:
    """What stays the same for every target of a call."""

    request: Request
    run: Run
    budget: Budget | None
    started: float
    baselines: Sequence[Baseline]
    external: ExternalResults

    def table(self, checked: CheckedTarget) -> ComparisonTable:
        """Prepare, train, and return the table of one target."""
        request, run, notes = self.request, self.run, checked.notes
        specs, prepared = self._prepared(checked)
        results, failures = self._train(specs, prepared, notes)
        self._measure_costs(results, specs, prepared)
        column = prepared.crystals.target
        assert column is not None
        notes += prepared.remarks()
        notes += averaged_remarks(prepared.crystals)
        notes += identical_remarks(prepared.crystals)
        notes += column.remarks()
        own = {s.name: beyond_remarks([s], prepared.graphs) for s in specs}
        facts, results = self._annotated(results, notes, own, prepared.crystals)
        heading = TaskInfo(
            prepared.crystals.called,
            checked.target,
            column.unit,
            column.task,
            prepared.crystals.n_folds,
            facts,
        )
        asked = ReportOptions(
            self.external, request.verdict_options, tuple(read_costs([request.out]))
        )
        return table_of(heading, results, run.registry, asked, failures)

    def share(self, checked: CheckedTarget) -> list[Failure]:
        """Prepare and train; return what failed of one target."""
        specs, prepared = self._prepared(checked)
        return self._train(specs, prepared, checked.notes)[1]

    def _prepared(self, checked: CheckedTarget) -> tuple[Sequence[Spec], Prepared]:
        """Return the specs within the budget, and their graphs."""
        request, run, notes = self.request, self.run, checked.notes
        specs, crystals = checked.specs, checked.crystals
        if self.budget is not None and self.budget.of == "call":
            specs, crystals = within_call(
                self.budget, checked, request, run, self._ends()
            )
        notes += crystals.remarks
        prepared = run.prepare(specs, crystals)
        if self.budget is not None and self.budget.of != "call":
            specs = within_trial(self.budget, specs, prepared, run, notes)
        measured = request.shard is None and run.devices == 1
        if measured and (self.budget is None or self.budget.of == "epochs"):
            long = say_long(specs, prepared, request, run)
            if long is not None:
                run.reporter.note(long.sentence())
        return specs, prepared

    def estimate(self, checked: CheckedTarget) -> Estimate:
        """Measure a few batches, and return what the comparison will take."""
        specs = checked.specs
        if self.budget is not None:
            crystals, registry = checked.crystals, self.run.registry
            specs = [
                spec.with_epochs(epochs_of(self.budget, spec, crystals, registry))
                for spec in specs
            ]
        reading = time.monotonic() - self.started
        return estimate(checked, specs, self.request, self.run, reading)

    def _annotated(
        self,
        results: Sequence[Result],
        notes: Sequence[str],
        own: Mapping[str, Sequence[str]],
        crystals: CrystalSet,
    ) -> tuple[DatasetFacts, list[Result]]:
        """Return what tables say of the dataset, and the results with it beside."""
        if not results:
            return facts_of(crystals, notes), []
        run = self.run
        duplicates = seek_duplicates(
            crystals,
            run.cache,
            lambda done, total: run.reporter.step("duplicates", done, total),
            run.jobs,
        )
        facts = facts_of(crystals, notes, duplicates.remark)
        return facts, add_facts(
            results, facts, own, crystals, duplicates, run.store.folder
        )

    def _measure_costs(
        self, results: Sequence[Result], specs: Sequence[Spec], prepared: Prepared
    ) -> None:
        """Measure what the specs cost, in a small share of the time of the call."""
        budget, limit = self.budget, None
        if budget is not None and budget.of == "call":
            left = self._ends() - time.monotonic()
            limit = min(COSTS_SHARE * budget.amount, left)
        wanted = self.request.costs
        measure_costs(results, specs, prepared, self.run, wanted, limit)

    def _train(
        self, specs: Sequence[Spec], prepared: Prepared, notes: list[str]
    ) -> tuple[list[Result], list[Failure]]:
        """Run the trials fold by fold, whole folds only where the budget ends."""
        request, run = self.request, self.run
        grid = Grid(specs, self.baselines, prepared, request, self.budget, run)
        if request.executor is not None:
            run_remotely(grid, request.executor)
            # all was told; what follows collects it
            grid = replace(grid, run=replace(run, reporter=SilentReporter()))
        results, failures, done = run_folds(grid, self._ends())
        n_folds = grid.n_folds
        if done < n_folds:
            notes.append(
                f"The budget ended after {done} of {n_folds} folds, for the machine "
                "was slower than when it was measured."
            )
        return results, failures

    def _ends(self) -> float:
        """Return when the time of the call ends; never, where there is none."""
        if self.budget is None or self.budget.of != "call":
            return math.inf
        return self.started + self.budget.amount
