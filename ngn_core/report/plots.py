"""All figures of a comparison, in the order in which a page shows them."""

from __future__ import annotations

from collections.abc import Mapping

from ngn_core.report.coverage_plots import coverage_plots
from ngn_core.report.curve_plots import curve_plots
from ngn_core.report.error_plots import error_plots
from ngn_core.report.pareto_plots import pareto_plots
from ngn_core.report.plot import Plot
from ngn_core.report.prediction_plots import parity_plot
from ngn_core.report.rank_plot import rank_plot
from ngn_core.report.sweep_plots import sweep_plots
from ngn_core.summary.summary import ComparisonSummary, Findings


def colors_of(summary: ComparisonSummary) -> dict[str, int]:
    """Return the color of each spec, the same in all figures of a report."""
    specs = {line.spec for found in summary.parts for line in found.comparison.lines}
    return {spec: place for place, spec in enumerate(sorted(specs))}


def plots_over(summary: ComparisonSummary, colors: Mapping[str, int]) -> list[Plot]:
    """Return the figures that several targets make together."""
    return [] if summary.ranks is None else [rank_plot(summary.ranks, colors)]


def plots_of(found: Findings, colors: Mapping[str, int]) -> list[Plot]:
    """Return the figures of what is known of a target."""
    table = found.comparison
    unit = "" if table.task == "binary" else table.unit
    parity = None
    if table.task == "regression":
        parity = parity_plot(
            found.errors, table.tested, table.target, table.unit, colors
        )
    return [
        *([] if table.curves is None else sweep_plots(table.curves)),
        *(
            pareto_plots(found.costs, table.lines, table.columns[0], colors)
            if found.costs
            else []
        ),
        *([parity] if parity is not None else []),
        *coverage_plots(table.coverage, table.rejection, table.unit, colors),
        *curve_plots(found.learning_curves, colors),
        *error_plots(found.error_groups, list(found.errors), unit, colors),
    ]
