"""A comparison as a page: sentences, tables and figures; works offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from ngn_core.report.environments import environment_facts
from ngn_core.report.formats.html import table_as_html
from ngn_core.report.page import as_page, facts_as_html, write_whole
from ngn_core.report.pictures import pictures_as_html, plotly_program
from ngn_core.report.plots import colors_of, plots_of, plots_over
from ngn_core.report.spec_texts import spec_texts, specs_as_html
from ngn_core.summary.summary import ComparisonSummary, Findings


def write_page(summary: ComparisonSummary, file: Path) -> None:
    """Write the page, whole or not at all."""
    write_whole(summary_as_html(summary), file)


def summary_as_html(summary: ComparisonSummary) -> str:
    """Return the page; nothing in it is loaded from anywhere."""
    colors = colors_of(summary)
    parts = [plotly_program()]
    single = len(summary.parts) == 1
    for place, found in enumerate(summary.parts):
        body = _findings(found, colors, f"table-{place}")
        title = "" if single else f"<h1>{escape(found.heading)}</h1>\n"
        parts.append(f'<section id="table-{place}">\n{title}{body}\n</section>')
    parts += map(table_as_html, summary.tables)
    parts.append(pictures_as_html(plots_over(summary, colors), "together"))
    parts.append(specs_as_html(spec_texts(summary)))
    facts = environment_facts(summary)
    if facts:
        parts.append(f"<h2>Environment</h2>\n{facts_as_html(facts)}")
    return as_page(_title(summary), "\n".join(part for part in parts if part))


def _title(summary: ComparisonSummary) -> str:
    if len(summary.parts) == 1:
        return summary.parts[0].heading
    return f"Comparison on {len(summary.parts)} targets"


def _findings(found: Findings, colors: Mapping[str, int], name: str) -> str:
    parts = [_list(found.conclusions, "summary")]
    parts += map(table_as_html, found.at("page"))
    parts.append(pictures_as_html(plots_of(found, colors), name))
    parts += map(table_as_html, found.at("appendix"))
    parts.append(f"<h2>Remarks</h2>\n{_list(found.remarks, 'remarks')}")
    return "\n".join(part for part in parts if part)


def _list(sentences: Sequence[str], kind: str) -> str:
    if not sentences:
        return ""
    items = "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<ul class="{kind}">\n{items}\n</ul>'
