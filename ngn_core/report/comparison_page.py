"""A comparison as a page: sentences, tables and figures; works offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from ngn_core.report.environments import environment_facts
from ngn_core.report.html import as_page, facts_as_html, write_whole
from ngn_core.report.pictures import pictures_as_html, plotly_program
from ngn_core.report.plots import colors_of, plots_of, plots_over
from ngn_core.report.prediction_plots import errors_of, worst_sheet
from ngn_core.report.rows import heading, remarks
from ngn_core.report.sheet import sheet_as_html
from ngn_core.report.sheets import sheets_of, sheets_over
from ngn_core.report.spec_texts import spec_texts, specs_as_html
from ngn_core.report.summary import summary
from ngn_core.summary.comparison import Table


def write_page(tables: Sequence[Table], file: Path) -> None:
    """Write the page, whole or not at all."""
    write_whole(as_html(tables), file)


def as_html(tables: Sequence[Table]) -> str:
    """Return the page; nothing in it is loaded from anywhere."""
    colors = colors_of(tables)
    parts = [plotly_program()]
    single = len(tables) == 1
    for place, table in enumerate(tables):
        body = _table(table, colors, f"table-{place}")
        title = "" if single else f"<h1>{escape(heading(table))}</h1>\n"
        parts.append(f'<section id="table-{place}">\n{title}{body}\n</section>')
    parts += [sheet_as_html(sheet) for sheet in sheets_over(tables)]
    parts.append(pictures_as_html(plots_over(tables, colors), "together"))
    parts.append(specs_as_html(spec_texts(tables)))
    facts = environment_facts(tables)
    if facts:
        parts.append(f"<h2>Environment</h2>\n{facts_as_html(facts)}")
    return as_page(_title(tables), "\n".join(part for part in parts if part))


def _title(tables: Sequence[Table]) -> str:
    if len(tables) == 1:
        return heading(tables[0])
    return f"Comparison on {len(tables)} targets"


def _table(table: Table, colors: Mapping[str, int], name: str) -> str:
    parts = [_list(summary(table), "summary")]
    parts += [sheet_as_html(sheet) for sheet in sheets_of(table)]
    parts.append(pictures_as_html(plots_of(table, colors), name))
    worst = worst_sheet(table, errors_of(table))
    if worst is not None:
        parts.append(sheet_as_html(worst))
    parts.append(f"<h2>Remarks</h2>\n{_list(remarks(table), 'remarks')}")
    return "\n".join(part for part in parts if part)


def _list(sentences: Sequence[str], kind: str) -> str:
    if not sentences:
        return ""
    items = "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<ul class="{kind}">\n{items}\n</ul>'
