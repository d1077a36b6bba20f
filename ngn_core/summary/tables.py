"""From results to tables: the one way, for fresh results and for stored ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ngn_core.costs.cost import Cost
from ngn_core.costs.costs import costs_of
from ngn_core.dataset.crystal_set import Skipped, TargetColumn
from ngn_core.dataset.dataset import Target
from ngn_core.dataset.fixed_folds import OFFICIAL
from ngn_core.dataset.matbench import TASKS
from ngn_core.experiment.facts import DatasetFacts, TestedCrystal
from ngn_core.experiment.group_comparable import group_comparable
from ngn_core.experiment.result import Result
from ngn_core.experiment.stored import order
from ngn_core.matbench.against import columns_of
from ngn_core.matbench.external_results import (
    ExternalResults,
    collect_external_results,
    read_submitted,
)
from ngn_core.matbench.external_task import ExternalTask
from ngn_core.matbench.membership import membership_of
from ngn_core.matbench.submission import FOLDS
from ngn_core.plugin.registry import Registry
from ngn_core.statistics.coverage import coverage_of, rejection_of
from ngn_core.statistics.verdict_options import VerdictOptions
from ngn_core.summary.comparison import ComparisonTable, lines_of
from ngn_core.summary.ranked import ranked
from ngn_core.summary.stored_leakage import stored_leakage
from ngn_core.summary.sweep import curves_of
from ngn_core.summary.table_notes import table_notes

if TYPE_CHECKING:
    from ngn_core.experiment.run import Failure

_UNKNOWN = "folds as stored"
"""Source of folds of results that were stored without facts."""

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class ReportOptions:
    """What tables are to show beside the measured results.

    Attributes:
        external: submissions and published scores.
        verdict_options: which pairs are compared.
        costs: that were measured, of any model.
    """

    external: ExternalResults = field(default_factory=ExternalResults)
    verdict_options: VerdictOptions = field(default_factory=VerdictOptions)
    costs: tuple[Cost, ...] = ()


@dataclass(frozen=True)
class TaskInfo:
    """What a table is about, whether or not a trial has a result.

    Attributes:
        dataset: its name.
        target: its name.
        unit: of the target.
        task: regression or binary.
        n_folds: how many there are.
        facts: of the dataset.
    """

    dataset: str
    target: str
    unit: str
    task: str
    n_folds: int
    facts: DatasetFacts


def tables_of(
    results: Sequence[Result], registry: Registry, asked: ReportOptions
) -> list[ComparisonTable]:
    """Return a table for each dataset and target, in an order of their own.

    Equal results give equal tables, whatever the order in which they come.

    Args:
        results: of trials.
        registry: for the metrics.
        asked: what else the tables show.

    Raises:
        NGNError: where results contradict each other, or submissions do not fit them.
    """
    groups = group_comparable(results)
    if not groups:
        return _submitted_alone(registry, asked)
    asked.external.check_used(groups)
    return [table_of(heading_of(own), own, registry, asked) for own in groups]


def heading_of(results: Sequence[Result]) -> TaskInfo:
    """Return what results of one subject are about."""
    first = results[0]
    facts = next((own.facts for own in results if own.facts is not None), None)
    if facts is None:
        facts = _told_by_results(results)
    return TaskInfo(
        first.dataset, first.target, first.unit, first.task, first.n_folds, facts
    )


def _told_by_results(results: Sequence[Result]) -> DatasetFacts:
    """Return what is known of a dataset where nothing was stored of it."""
    found = membership_of(results)
    if found is None:
        names = {name for own in results for name, _, _ in own.predictions}
        return DatasetFacts("", len(names), _UNKNOWN)
    return DatasetFacts(
        "",
        found.crystals,
        OFFICIAL if found.official_folds else _UNKNOWN,
        benchmark=found.name,
        benchmark_rows=found.rows,
    )


def table_of(
    heading: TaskInfo,
    results: Sequence[Result],
    registry: Registry,
    asked: ReportOptions,
    failures: Sequence[Failure] = (),
) -> ComparisonTable:
    """Return the table of one subject.

    Args:
        heading: what it is about.
        results: of its trials.
        registry: for the metrics.
        asked: what else it shows.
        failures: trials that failed.

    Raises:
        NGNError: where submissions do not fit the results.
    """
    measured, target = sorted(results, key=order), _target_of(heading)
    others, said = collect_external_results(measured, target, registry, asked.external)
    notes = [*table_notes(measured, failures), *said]
    every = [*measured, *others]
    return _assembled(heading, every, target, notes, registry, asked, failures)


def _submitted_alone(registry: Registry, asked: ReportOptions) -> list[ComparisonTable]:
    """Return tables of submissions that no trial stands beside."""
    tables = []
    for task in TASKS.values():
        facts = DatasetFacts(
            "",
            task.rows,
            OFFICIAL,
            per=task.per,
            benchmark=task.name,
            benchmark_rows=task.rows,
        )
        about = task.name, task.target, task.unit, task.task
        heading = TaskInfo(*about, FOLDS, facts)
        target = _target_of(heading)
        columns = columns_of(target, registry)
        results, notes = read_submitted(
            task.name, ExternalTask(*about, FOLDS, columns), asked.external
        )
        if results:
            tables.append(
                _assembled(heading, results, target, notes, registry, asked, ())
            )
    return tables


def _target_of(heading: TaskInfo) -> TargetColumn:
    """Return how predictions are scored; there are no values in it."""
    return TargetColumn(
        heading.target,
        heading.unit,
        "binary" if heading.task == "binary" else "regression",
        np.zeros(0),
        Target(per=heading.facts.per, transform=heading.facts.transform),
    )


def _assembled(
    heading: TaskInfo,
    results: Sequence[Result],
    target: TargetColumn,
    notes: Sequence[str],
    registry: Registry,
    asked: ReportOptions,
    failures: Sequence[Failure],
) -> ComparisonTable:
    """Return the table of results, those that were not measured among them."""
    every = _aligned(results)
    published = [result for result in every if result.origin == "leaderboard"]
    tested = _tested(every)
    columns, lines, verdicts = ranked(
        [result for result in every if result.origin != "leaderboard"],
        fold_source=heading.facts.fold_source,
        formulas={name: one.formula for name, one in tested.items()},
        verdict_options=asked.verdict_options,
    )
    seeds = [len({own.seed for own in line.results}) for line in lines]
    held = (coverage_of(line.results) for line in lines)
    kept = (rejection_of(line.results) for line in lines)
    costs = costs_of(every, asked.costs)
    lines = (*lines, *lines_of(published)[1])
    return ComparisonTable(
        dataset=heading.dataset,
        target=heading.target,
        unit=heading.unit,
        task=heading.task,
        crystals=heading.facts.crystals,
        n_folds=heading.n_folds,
        fold_source=heading.facts.fold_source,
        held_out=heading.facts.held_out,
        seeds=max(seeds, default=1),
        columns=columns,
        lines=lines,
        failures=tuple(failures),
        skipped=_skipped(every) or heading.facts.skipped,
        notes=tuple(notes or heading.facts.notes),
        leakage=stored_leakage(every, target, registry),
        verdicts=verdicts,
        tested=tested,
        costs=costs,
        benchmark=heading.facts.benchmark,
        benchmark_rows=heading.facts.benchmark_rows,
        coverage=tuple(one for one in held if one is not None),
        rejection=tuple(one for one in kept if one is not None),
        curves=curves_of((own for line in lines for own in line.results), costs),
    )


def _aligned(results: Sequence[Result]) -> list[Result]:
    """Return results with the same scores, NaN for those that are not known."""
    if not results:
        return []
    wanted = results[0].scores  # a published row has fewer
    aligned = []
    for result in results:
        own = {score.name: score for score in result.scores}
        scores = tuple(
            own.get(score.name, replace(score, value=nan)) for score in wanted
        )
        aligned.append(replace(result, scores=scores))
    return aligned


def _tested(results: Iterable[Result]) -> dict[str, TestedCrystal]:
    return {
        name: one
        for result in results
        if result.facts is not None
        for name, one in result.facts.tested.items()
    }


def _skipped(results: Sequence[Result]) -> tuple[Skipped, ...]:
    found = (result.facts.skipped for result in results if result.facts is not None)
    return tuple(_union(found))


def _union(parts: Iterable[Iterable[_Item]]) -> list[_Item]:
    return list(dict.fromkeys(one for part in parts for one in part))
