"""All tables of a comparison as text, the same in every file."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.report.costs import costs_sheet
from ngn_core.report.coverage import coverage_sheet, rejection_sheet
from ngn_core.report.leakage import leakage_sheet
from ngn_core.report.noise import noise_sheet
from ngn_core.report.papers import papers_sheet
from ngn_core.report.protocol import protocol_sheet
from ngn_core.report.ranks import ranks_sheet
from ngn_core.report.rows import scores_sheet
from ngn_core.report.sheet import Sheet
from ngn_core.report.sweep import sweep_sheets
from ngn_core.report.verdicts import all_pairs_sheet, verdicts_sheet
from ngn_core.summary.comparison import Table
from ngn_core.summary.ranks import ranks


def sheets_of(table: Table) -> list[Sheet]:
    """Return the tables of what is known, the scores first."""
    if not table.lines:
        return apart(table)
    sheets = [
        scores_sheet(table),
        verdicts_sheet(table),
        all_pairs_sheet(table),
        noise_sheet(table),
        coverage_sheet(table),
        rejection_sheet(table),
        costs_sheet(table),
        protocol_sheet(table),
        papers_sheet(table),
    ]
    return [*(sheet for sheet in sheets if sheet is not None), *apart(table)]


def apart(table: Table) -> list[Sheet]:
    """Return the tables that no row a spec can hold: sweeps and leakage."""
    sheets = [] if table.curves is None else sweep_sheets(table.curves)
    if table.leakage is not None and table.leakage.leaks:
        sheets.append(leakage_sheet(table.leakage))
    return sheets


def sheets_over(tables: Sequence[Table]) -> list[Sheet]:
    """Return the tables that several comparisons make together."""
    found = ranks(tables)
    return [] if found is None else [ranks_sheet(found)]
