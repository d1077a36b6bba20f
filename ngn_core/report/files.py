"""The report as a page, Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ngn_core.report.comparison_json import summary_as_json
from ngn_core.report.comparison_page import summary_as_html
from ngn_core.report.formats.csv_file import tables_as_csv
from ngn_core.report.formats.json_file import as_json, table_as_plain
from ngn_core.report.formats.latex import table_as_latex
from ngn_core.report.formats.markdown import table_as_markdown
from ngn_core.report.page import write_whole
from ngn_core.summary.summary import ComparisonSummary
from ngn_core.summary.typed_table import TypedTable


def write_report(summary: ComparisonSummary, folder: Path) -> list[Path]:
    """Write what was found in every format and return the files, the page first."""
    texts = {
        "report.html": summary_as_html(summary),
        "comparison.md": summary_as_markdown(summary),
        "comparison.tex": summary_as_latex(summary),
        "comparison.json": summary_as_json(summary),
        **_csv_files(summary),
    }
    for table in summary.tables:
        texts[f"{table.name}.json"] = as_json(table_as_plain(table))
    for name, text in texts.items():
        write_whole(text, folder / name)
    return [folder / name for name in texts]


def summary_as_markdown(summary: ComparisonSummary) -> str:
    """Return sentences and tables as Markdown."""
    parts = []
    for found in summary.parts:
        parts.append(f"## {found.heading}\n")
        parts.append(_listed(found.conclusions))
        parts += map(table_as_markdown, found.at("document"))
        parts.append(_listed(found.remarks))
    parts += map(table_as_markdown, summary.tables)
    return "\n".join(part for part in parts if part)


def summary_as_latex(summary: ComparisonSummary) -> str:
    """Return the tables as LaTeX."""
    groups = [*(found.at("document") for found in summary.parts), summary.tables]
    return "\n".join(
        table_as_latex(table, f"tab:{place}-{number}")
        for place, group in enumerate(groups, start=1)
        for number, table in enumerate(group, start=1)
    )


def _csv_files(summary: ComparisonSummary) -> dict[str, str]:
    """Return a file for each name of a table, with the rows of all comparisons."""
    by_name: dict[str, list[tuple[Mapping[str, str], TypedTable]]] = {}
    for found in summary.parts:
        about = found.comparison
        before = {"dataset": about.dataset, "target": about.target}
        for table in found.at("data"):
            by_name.setdefault(table.name, []).append((before, table))
    for table in summary.tables:
        by_name[table.name] = [({}, table)]
    return {f"{name}.csv": tables_as_csv(own) for name, own in by_name.items()}


def _listed(sentences: Sequence[str]) -> str:
    return "".join(f"- {sentence}\n" for sentence in sentences)
