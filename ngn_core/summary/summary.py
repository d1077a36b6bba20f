"""Everything that was found in a comparison, computed once for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ngn_core.costs.costs import Costs
from ngn_core.statistics.crystal_errors import CrystalError, crystal_errors
from ngn_core.summary.brief import brief_table
from ngn_core.summary.comparison import ComparisonTable
from ngn_core.summary.conclusions import conclusions
from ngn_core.summary.cost_rows import CostRow, cost_rows, time_to_common_error
from ngn_core.summary.costs import costs_table
from ngn_core.summary.coverage import coverage_table, rejection_table
from ngn_core.summary.error_by import ErrorGroup, error_groups
from ngn_core.summary.leakage import leakage_table
from ngn_core.summary.learning_curve import LearningCurve, learning_curves
from ngn_core.summary.noise import noise_table
from ngn_core.summary.papers import papers_table
from ngn_core.summary.protocol import protocol_table
from ngn_core.summary.ranks import Ranks, ranks
from ngn_core.summary.ranks_table import ranks_table
from ngn_core.summary.remarks import heading, remarks
from ngn_core.summary.scores import scores_table
from ngn_core.summary.sweep_tables import sweep_tables
from ngn_core.summary.trials import trials_table
from ngn_core.summary.typed_table import Place, TypedTable
from ngn_core.summary.verdicts import all_pairs_table, verdicts_table
from ngn_core.summary.worst_crystals import worst_table


@dataclass(frozen=True)
class Findings:
    """What was found on one target.

    Attributes:
        comparison: the numbers behind it.
        heading: the sentence over it.
        conclusions: what a careful reader would write over it.
        tables: in the order in which they are shown.
        remarks: the sentences under it.
        costs: of each spec; empty where no trial has a result.
        errors: on each test crystal, by spec; of those that have predictions.
        error_groups: crystals that share something, by what they share.
        learning_curves: by spec.
    """

    comparison: ComparisonTable
    heading: str
    conclusions: tuple[str, ...]
    tables: tuple[TypedTable, ...]
    remarks: tuple[str, ...]
    costs: tuple[CostRow, ...]
    errors: Mapping[str, tuple[CrystalError, ...]]
    error_groups: Mapping[str, tuple[ErrorGroup, ...]]
    learning_curves: Mapping[str, tuple[LearningCurve, ...]]

    def at(self, place: Place) -> list[TypedTable]:
        """Return the tables that stand at a place."""
        return [table for table in self.tables if place in table.places]


@dataclass(frozen=True)
class ComparisonSummary:
    """What was found on one target or several.

    Attributes:
        parts: one a target.
        ranks: over several targets; None for one.
        tables: that the targets make together.
    """

    parts: tuple[Findings, ...]
    ranks: Ranks | None
    tables: tuple[TypedTable, ...]


def summarize(comparisons: Sequence[ComparisonTable]) -> ComparisonSummary:
    """Return everything that was found.

    Args:
        comparisons: one a target.
    """
    found = ranks(comparisons)
    together = () if found is None else (ranks_table(found),)
    return ComparisonSummary(tuple(map(findings_of, comparisons)), found, together)


def findings_of(table: ComparisonTable) -> Findings:
    """Return everything that was found on one target."""
    by_spec = {line.spec: crystal_errors(line.results) for line in table.lines}
    errors = {spec: own for spec, own in by_spec.items() if own}
    costs: tuple[CostRow, ...] = ()
    if table.columns:  # some trial has a result
        known = table.costs or Costs({})
        costs = cost_rows(table.lines, table.columns[0], known)
    return Findings(
        table,
        heading(table),
        tuple(conclusions(table.verdicts, costs, table.target)),
        tuple(_tables(table, costs, errors)),
        tuple(remarks(table)),
        costs,
        errors,
        error_groups(errors, table.tested),
        {line.spec: learning_curves(line.results) for line in table.lines},
    )


def _tables(
    table: ComparisonTable,
    costs: Sequence[CostRow],
    errors: Mapping[str, Sequence[CrystalError]],
) -> list[TypedTable]:
    """Return the tables of what is known, the scores first."""
    lines, verdicts, unit = table.lines, table.verdicts, table.unit
    own_unit = "" if table.task == "binary" else unit
    found: list[TypedTable | None] = []
    if lines:
        reached = time_to_common_error(lines, table.costs or Costs({}))
        has_benchmark = table.benchmark is not None
        scores = scores_table(lines, table.columns, has_benchmark)
        judged = None if verdicts is None else verdicts_table(verdicts)
        spent = costs_table(costs, lines, reached, table.columns[0].title, unit)
        parts = [one for one in (scores, judged, spent) if one is not None]
        found += [brief_table(parts, verdicts, spent.note), scores, judged]
        if verdicts is not None:
            specs = [line.spec for line in lines]
            found.append(all_pairs_table(verdicts))
            found.append(noise_table(verdicts, specs, own_unit))
        found += [
            coverage_table(table.coverage, unit, bool(table.rejection)),
            rejection_table(table.rejection, unit),
            spent,
            protocol_table(lines),
            papers_table(lines, table.benchmark),
        ]
    if table.curves is not None:
        found += sweep_tables(table.curves)
    if table.leakage is not None:
        found.append(leakage_table(table.leakage))
    found += [
        worst_table(errors, table.tested, own_unit),
        trials_table(lines, table.columns),
    ]
    return [one for one in found if one is not None]
