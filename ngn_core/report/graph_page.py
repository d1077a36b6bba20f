"""One crystal's graph as a page: a picture to turn, and the tables; works offline."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from plotly.io import to_html

from ngn_core import __version__
from ngn_core.compare.inspection import Inspection
from ngn_core.compare.scene import Scene
from ngn_core.report.graph_figure import figure
from ngn_core.report.graph_rows import Sheet, facts, heading, sheets

NODES = 100
"""Kept nodes that the tables of the page show."""

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)
"""What the page may load: nothing but itself. Plotly makes code for WebGL."""

_CONFIG = {
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtons": [["toImage", "resetCameraDefault3d"]],
    "responsive": True,
    "scrollZoom": True,
}

_STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --line: #d8dee4;
  --dim: #59636e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117;
  --line: #30363d; --dim: #9198a1; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text);
  background: var(--back); max-width: 1000px; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { color: var(--dim); margin: .25rem 0; }
figure { margin: 1rem 0; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .9rem .15rem 0; text-align: right; vertical-align: top; }
th { color: var(--dim); font-weight: 600; } thead th, tbody + tbody { border-color:
  var(--line); border-style: solid; border-width: 0; }
thead th { border-bottom-width: 1px; } tbody + tbody { border-top-width: 1px; }
.word { text-align: left; }
"""

_COLORS = """
const dark = matchMedia("(prefers-color-scheme: dark)");
const picture = document.getElementById("picture");
const paint = () => Plotly.relayout(picture,
  {"font.color": getComputedStyle(document.body).color});
paint();
dark.addEventListener("change", paint);
"""


def write_page(found: Inspection, scene: Scene, file: Path) -> None:
    """Write the page, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(as_html(found, scene), encoding="utf-8")
    os.replace(partial, file)


def as_html(found: Inspection, scene: Scene) -> str:
    """Return the page; nothing in it is loaded from anywhere."""
    title = escape(heading(found))
    picture = to_html(
        figure(scene),
        config=_CONFIG,
        include_plotlyjs=True,
        full_html=False,
        default_height="560px",
        div_id="picture",
        validate=False,
    )
    tables = "\n".join(_table(sheet) for sheet in sheets(found, NODES))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p>The cell, and the edges into its atoms. Drag to turn; click an entry of a
legend to hide or show it.</p>
<figure>
{picture}
</figure>
<script>{_COLORS}</script>
{_facts(found)}
{tables}
<p>Made by ngn {__version__}.</p>
</body>
</html>
"""


def _facts(found: Inspection) -> str:
    rows = "\n".join(
        f'<tr><th class="word">{escape(name)}</th>'
        f'<td class="word">{escape(text)}</td></tr>'
        for name, text in facts(found)
    )
    return f"<table>\n{rows}\n</table>"


def _table(sheet: Sheet) -> str:
    head = _row(sheet, sheet.columns, "th")
    groups = "\n".join(
        "<tbody>" + "\n".join(_row(sheet, row, "td") for row in group) + "</tbody>"
        for group in sheet.groups
    )
    note = f"<p>{escape(sheet.note)}</p>" if sheet.note else ""
    return (
        f"<h2>{escape(sheet.title)}</h2>\n<table>\n<thead>{head}</thead>\n{groups}\n"
        f"</table>\n{note}"
    )


def _row(sheet: Sheet, cells: tuple[str, ...], tag: str) -> str:
    words = [
        ' class="word"' if place < sheet.left else "" for place in range(len(cells))
    ]
    parts = zip(words, cells, strict=True)
    return (
        "<tr>"
        + "".join(f"<{tag}{word}>{escape(cell)}</{tag}>" for word, cell in parts)
        + "</tr>"
    )
