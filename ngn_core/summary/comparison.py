"""What a comparison found: scores over folds, cost beside accuracy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

from ngn_core.costs.costs import Costs
from ngn_core.dataset.crystal_set import Skipped
from ngn_core.experiment.facts import TestedCrystal
from ngn_core.experiment.leakage import Leakage
from ngn_core.experiment.result import Origin, Result
from ngn_core.statistics.coverage import Coverage, Rejection
from ngn_core.statistics.verdicts import Verdicts
from ngn_core.summary.spread import Spread
from ngn_core.summary.sweep import Curves

if TYPE_CHECKING:
    from ngn_core.experiment.run import Failure


@dataclass(frozen=True)
class ScoreColumn:
    """One metric: its title, unit, and which way is better."""

    name: str
    title: str
    unit: str
    better: str


@dataclass(frozen=True)
class Line:
    """One spec in a table.

    Attributes:
        spec: its name.
        scores: over folds and seeds, by metric.
        results: its trials.
        best: whether its deciding score is not separated from the best of the table.
    """

    spec: str
    scores: dict[str, Spread]
    results: tuple[Result, ...]
    best: bool = False

    @property
    def origin(self) -> Origin:
        """Return whether the scores were measured, submitted or published alone."""
        return self.results[0].origin

    def cost(self, name: str) -> float | None:
        """Return a cost's mean over the trials, None where it was not measured."""
        values = [result.cost.get(name) for result in self.results]
        known = [value for value in values if value is not None]
        return fmean(known) if known else None

    def graph(self, name: str) -> float | None:
        """Return a figure of the graphs, None where there is none."""
        values = [result.graph[name] for result in self.results if name in result.graph]
        return fmean(values) if values else None


@dataclass(frozen=True)
class ComparisonTable:
    """The comparison on one target of one dataset.

    Attributes:
        dataset: its name.
        target: its name.
        unit: of the target.
        task: regression or binary.
        crystals: how many there are.
        n_folds: how many folds, each tested on.
        fold_source: official, or how they were made.
        held_out: how many more crystals no trial sees.
        seeds: trials a fold.
        columns: metrics, the one that decides first.
        lines: specs, the best first.
        failures: trials that failed.
        skipped: rows that were left out.
        notes: sentences about the dataset and the settings.
        benchmark: the published task that the target belongs to, None where to none.
        benchmark_rows: how many crystals the whole task has.
        leakage: what scores owe to duplicates; None where no trial has a result.
        verdicts: on each pair of specs; None where no trial has a result.
        tested: formula, space group and atoms of the test crystals, by id, where known.
        costs: of the specs that were measured after the trials, beside the results.
        coverage: what intervals hold, of specs with two folds or more.
        rejection: error-rejection curves, of specs with two seeds a fold or more.
        curves: over what was swept, None where nothing was.
    """

    dataset: str
    target: str
    unit: str
    task: str
    crystals: int
    n_folds: int
    fold_source: str
    held_out: int
    seeds: int
    columns: tuple[ScoreColumn, ...]
    lines: tuple[Line, ...]
    failures: tuple[Failure, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    leakage: Leakage | None = None
    verdicts: Verdicts | None = None
    tested: Mapping[str, TestedCrystal] = field(default_factory=dict, repr=False)
    costs: Costs | None = None
    benchmark: str | None = None
    benchmark_rows: int = 0
    coverage: tuple[Coverage, ...] = ()
    rejection: tuple[Rejection, ...] = ()
    curves: Curves | None = None


def lines_of(
    results: Sequence[Result],
) -> tuple[tuple[ScoreColumn, ...], tuple[Line, ...]]:
    """Return the metrics and one line for each spec, the best mean first."""
    if not results:
        return (), ()
    columns = tuple(
        ScoreColumn(score.name, score.title, score.unit, score.better)
        for score in results[0].scores
    )
    by_spec: dict[str, list[Result]] = {}
    for result in results:
        by_spec.setdefault(result.spec, []).append(result)
    required = columns[0]
    sign = 1.0 if required.better == "lower" else -1.0
    scored = []
    for spec, own in by_spec.items():
        scores = {
            column.name: Spread.over(
                [
                    score.value
                    for result in own
                    for score in result.scores
                    if score.name == column.name
                ]
            )
            for column in columns
        }
        scored.append((sign * scores[required.name].mean, spec, scores, tuple(own)))
    scored.sort(key=lambda line: (math.isnan(line[0]), line[0]))
    return columns, tuple(Line(spec, scores, own) for _, spec, scores, own in scored)
