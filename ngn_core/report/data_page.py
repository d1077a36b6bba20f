"""What is in a dataset as a page: plots and tables; works offline."""

from __future__ import annotations

from html import escape
from pathlib import Path

from plotly.io import to_html

from ngn_core.inspection.survey import Survey
from ngn_core.report.data_figures import figures
from ngn_core.report.data_rows import facts, heading, sheets
from ngn_core.report.html import as_page, facts_as_html, write_whole
from ngn_core.report.sheet import sheet_as_html

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
    tables = [sheet_as_html(sheet) for sheet in sheets(found, LISTED)]
    return as_page(
        heading(found), "\n".join([facts_as_html(facts(found)), *pictures, *tables])
    )
