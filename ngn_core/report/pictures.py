"""Figures in a page, with plotly's program once."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from plotly.io import to_html
from plotly.offline import get_plotlyjs

from ngn_core.report.plot import Plot
from ngn_core.report.plotly_plot import as_plotly

_CONFIG = {
    "displaylogo": False,
    "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
    "responsive": True,
}


def plotly_program() -> str:
    """Return the program that draws the figures; a page holds it once, before them."""
    return f"<script>{get_plotlyjs()}</script>"


def pictures_as_html(plots: Sequence[Plot], prefix: str) -> str:
    """Return the figures with titles and notes.

    Args:
        plots: what is drawn.
        prefix: of the names of the pictures, one of its own for each call in a page.
    """
    return "\n".join(_picture(plot, f"{prefix}-{plot.name}") for plot in plots)


def _picture(plot: Plot, name: str) -> str:
    drawn = to_html(
        as_plotly(plot),
        config=_CONFIG,
        include_plotlyjs=False,
        full_html=False,
        default_height=f"{_height(plot)}px",
        div_id=name,
        validate=False,
    )
    note = f"<figcaption>{escape(plot.note)}</figcaption>\n" if plot.note else ""
    title = f"<h2>{escape(plot.title)}</h2>"
    return f'{title}\n<figure class="plot">\n{drawn}\n{note}</figure>'


def _height(plot: Plot) -> int:
    """Return pixels; a square where both axes are the same."""
    return 560 if plot.diagonal else 380
