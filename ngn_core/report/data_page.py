"""What is in a dataset as a page: plots and tables; works offline."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from plotly.io import to_html

from ngn_core.report.data_facts import facts, heading
from ngn_core.report.data_figures import figures
from ngn_core.report.data_tables import survey_tables
from ngn_core.report.formats.html import table_as_html
from ngn_core.report.page import as_page, facts_as_html, write_whole

if TYPE_CHECKING:
    from ngn_core.inspection.survey import Survey

LISTED = 200
"""Rows that the tables of the page show."""

_CONFIG = {"displaylogo": False, "displayModeBar": False, "responsive": True}


def write_page(found: Survey, file: Path) -> None:
    """Write the page, whole or not at all."""
    write_whole(as_html(found), file)


def as_html(found: Survey) -> str:
    """Return the page; nothing in it is loaded from anywhere."""
    pictures = []
    for place, (title, figure) in enumerate(figures(found)):
        picture = to_html(
            figure,
            config=_CONFIG,
            include_plotlyjs=place == 0,
            full_html=False,
            default_height="280px",
            div_id=f"picture-{place}",
            validate=False,
        )
        pictures.append(f"<h2>{escape(title)}</h2>\n<figure>\n{picture}\n</figure>")
    tables = [table_as_html(table) for table in survey_tables(found, LISTED)]
    return as_page(
        heading(found), "\n".join([facts_as_html(facts(found)), *pictures, *tables])
    )
