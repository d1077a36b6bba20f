"""All figures of a table, in the order in which a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ngn_core.report.coverage_plots import coverage_plots
from ngn_core.report.curve_plots import curve_plots
from ngn_core.report.error_plots import error_plots
from ngn_core.report.pareto_plots import pareto_plots
from ngn_core.report.plot import Plot
from ngn_core.report.prediction_plots import errors_of, parity_plot
from ngn_core.report.rank_plot import rank_plot
from ngn_core.report.sweep import sweep_plots
from ngn_core.summary.comparison import Table
from ngn_core.summary.ranks import ranks


def colors_of(tables: Sequence[Table]) -> dict[str, int]:
    """Return the color of each spec, the same in all figures of a report."""
    specs = sorted({line.spec for table in tables for line in table.lines})
    return {spec: place for place, spec in enumerate(specs)}


def plots_over(tables: Sequence[Table], colors: Mapping[str, int]) -> list[Plot]:
    """Return the figures that several tables make together."""
    found = ranks(tables)
    return [] if found is None else [rank_plot(found, colors)]


def plots_of(table: Table, colors: Mapping[str, int]) -> list[Plot]:
    """Return the figures of what is known of a table."""
    errors = errors_of(table)
    parity = parity_plot(table, errors, colors)
    swept = [] if table.curves is None else sweep_plots(table.curves)
    return [
        *swept,
        *pareto_plots(table, colors),
        *([parity] if parity is not None else []),
        *coverage_plots(table, colors),
        *curve_plots(table, colors),
        *error_plots(table, errors, colors),
    ]
