"""Pages that need nothing else: their frame, their style, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from ngn_core import __version__
from ngn_core.files import atomic_write
from ngn_core.report.formats.sorting import SORTING

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)
"""What a page may load: nothing but itself. Plotly makes code for WebGL."""

_STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --line: #d8dee4;
  --dim: #59636e; --more: #dafbe1; --less: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117;
  --line: #30363d; --dim: #9198a1; --more: #12361f; --less: #3d1a1d; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text);
  background: var(--back); max-width: 1200px; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
section h1 { margin-top: 3rem; border-top: 2px solid var(--line); padding-top: 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p, figcaption { color: var(--dim); margin: .25rem 0; }
figure { margin: 1rem 0; border: 1px solid var(--line); border-radius: 6px; }
figcaption { padding: 0 .75rem .5rem; font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .9rem .15rem 0; text-align: right; vertical-align: top; }
th { color: var(--dim); font-weight: 600; } thead th, tbody + tbody { border-color:
  var(--line); border-style: solid; border-width: 0; }
thead th { border-bottom-width: 1px; } tbody + tbody { border-top-width: 1px; }
table.sheet td { white-space: nowrap; }
table.sheet td.word:last-child { white-space: normal; }
table.sheet thead th { cursor: pointer; user-select: none; }
th[aria-sort=ascending]::after { content: " \\25B2"; }
th[aria-sort=descending]::after { content: " \\25BC"; }
.word { text-align: left; } .marked td { font-weight: 600; }
ul.summary { font-size: 1.05rem; padding-left: 1.2rem; }
details { margin: .4rem 0; } summary { cursor: pointer; }
pre { font: 13px/1.4 ui-monospace, monospace; overflow-x: auto; border: 1px solid
  var(--line); border-radius: 6px; padding: .6rem; margin: .4rem 0; }
pre ins, pre del { text-decoration: none; display: block; }
pre ins { background: var(--more); } pre del { background: var(--less); }
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; --text: #000; --back: #fff; --line: #bbb; --dim: #444;
    --more: #dafbe1; --less: #ffebe9; }
  body { font-size: 10pt; max-width: none; padding: 0; }
  h1, h2 { break-after: avoid; } figure, tr, li { break-inside: avoid; }
  table { font-size: 8pt; } th, td { padding-right: .5rem; }
  table.sheet td { white-space: normal; }
  .wide, pre { overflow: visible; } pre { white-space: pre-wrap; font-size: 7.5pt; }
  figure.plot > div { max-height: 370px; } .modebar-container { display: none; }
}
"""

_COLORS = """
const dark = matchMedia("(prefers-color-scheme: dark)");
const pictures = () => document.querySelectorAll(".js-plotly-plot");
const paint = () => pictures().forEach(picture => Plotly.relayout(picture,
  {"font.color": getComputedStyle(document.body).color}));
paint();
dark.addEventListener("change", paint);
const opened = [];
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach(one => {
    one.open = true;
    opened.push(one);
  });
  pictures().forEach(picture => {
    const most = picture.closest("figure.plot") ? 370 : Infinity;
    const height = Math.min(picture.clientHeight, most);
    Plotly.relayout(picture,
      {"font.color": "#000", width: 660, height, autosize: false});
  });
});
addEventListener("afterprint", () => {
  opened.splice(0).forEach(one => { one.open = false; });
  pictures().forEach(picture => Plotly.relayout(picture,
    {width: null, height: null, autosize: true}));
  paint();
});
"""
"""Pictures have the color of the text; on paper they are black, and plots fit twice."""


def as_page(title: str, body: str) -> str:
    """Return a page; pictures in it have the color of the text, light or dark.

    Args:
        title: plain text.
        body: HTML.
    """
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
{body}
<p>Made by ngn {__version__}.</p>
<script>{_COLORS}{SORTING}</script>
</body>
</html>
"""


def facts_as_html(facts: Sequence[tuple[str, str]]) -> str:
    """Return names and what is said of them, side by side."""
    rows = "\n".join(
        f'<tr><th class="word">{escape(name)}</th>'
        f'<td class="word">{escape(text)}</td></tr>'
        for name, text in facts
    )
    return f"<table>\n{rows}\n</table>"


def write_whole(text: str, file: Path) -> None:
    """Write a file, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(file) as partial:
        partial.write_text(text, encoding="utf-8")
