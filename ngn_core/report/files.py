"""The report as a page, Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ngn_core.report.comparison_page import as_html
from ngn_core.report.csv_files import (
    as_csv,
    costs_as_csv,
    coverage_as_csv,
    leakage_as_csv,
    rejection_as_csv,
    sweep_as_csv,
    verdicts_as_csv,
)
from ngn_core.report.html import write_whole
from ngn_core.report.json_file import as_json
from ngn_core.report.latex import sheet_as_latex
from ngn_core.report.ranks import ranks_as_csv, ranks_as_json
from ngn_core.report.rows import heading, remarks
from ngn_core.report.sheet import sheet_as_markdown
from ngn_core.report.sheets import sheets_of, sheets_over
from ngn_core.report.summary import summary
from ngn_core.summary.comparison import Table
from ngn_core.summary.ranks import ranks


def write_report(tables: Sequence[Table], folder: Path) -> list[Path]:
    """Write the tables in every format and return the files, the page first."""
    texts = {
        "report.html": as_html(tables),
        "comparison.md": as_markdown(tables),
        "comparison.tex": as_latex_tables(tables),
        "comparison.csv": as_csv(tables),
        "comparison.json": as_json(tables),
        "verdicts.csv": verdicts_as_csv(tables),
        "costs.csv": costs_as_csv(tables),
        "leakage.csv": leakage_as_csv(tables),
    }
    if any(table.coverage for table in tables):
        texts["coverage.csv"] = coverage_as_csv(tables)
    if any(table.rejection for table in tables):
        texts["rejection.csv"] = rejection_as_csv(tables)
    if any(table.curves is not None for table in tables):
        texts["sweep.csv"] = sweep_as_csv(tables)
    found = ranks(tables)
    if found is not None:
        texts |= {"ranks.csv": ranks_as_csv(found), "ranks.json": ranks_as_json(found)}
    for name, text in texts.items():
        write_whole(text, folder / name)
    return [folder / name for name in texts]


def as_markdown(tables: Sequence[Table]) -> str:
    """Return the tables as Markdown."""
    parts = []
    for table in tables:
        parts.append(f"## {heading(table)}\n")
        parts.append(_listed(summary(table)))
        parts += [sheet_as_markdown(sheet) for sheet in sheets_of(table)]
        parts.append(_listed(remarks(table)))
    parts += [sheet_as_markdown(sheet) for sheet in sheets_over(tables)]
    return "\n".join(part for part in parts if part)


def as_latex_tables(tables: Sequence[Table]) -> str:
    """Return the tables as LaTeX."""
    groups = [*map(sheets_of, tables), sheets_over(tables)]
    return "\n".join(
        sheet_as_latex(sheet, f"tab:{place}-{number}")
        for place, group in enumerate(groups, start=1)
        for number, sheet in enumerate(group, start=1)
    )


def _listed(sentences: Sequence[str]) -> str:
    return "".join(f"- {sentence}\n" for sentence in sentences)
