"""One crystal's graph as a page: a picture to turn, and the tables; works offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plotly.io import to_html

from ngn_core.report.formats.html import table_as_html
from ngn_core.report.graph_figure import figure
from ngn_core.report.graph_rows import facts, graph_tables, heading
from ngn_core.report.page import as_page, facts_as_html, write_whole

if TYPE_CHECKING:
    from ngn_core.inspection.cell_picture import CellPicture
    from ngn_core.inspection.inspection import Inspection

NODES = 100
"""Kept nodes that the tables of the page show."""

_CONFIG = {
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtons": [["toImage", "resetCameraDefault3d"]],
    "responsive": True,
    "scrollZoom": True,
}


def write_page(found: Inspection, picture: CellPicture, file: Path) -> None:
    """Write the page, whole or not at all."""
    write_whole(as_html(found, picture), file)


def as_html(found: Inspection, picture: CellPicture) -> str:
    """Return the page; nothing in it is loaded from anywhere."""
    picture = to_html(
        figure(picture),
        config=_CONFIG,
        include_plotlyjs=True,
        full_html=False,
        default_height="560px",
        div_id="picture",
        validate=False,
    )
    tables = "\n".join(map(table_as_html, graph_tables(found, NODES)))
    return as_page(
        heading(found),
        f"""<p>The cell, and the edges into its atoms. Drag to turn; click an entry of a
legend to hide or show it.</p>
<figure>
{picture}
</figure>
{facts_as_html(facts(found))}
{tables}""",
    )
