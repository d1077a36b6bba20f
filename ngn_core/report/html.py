"""Pages that need nothing else: their frame, their style, and how they are written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path

from ngn_core import __version__

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)
"""What a page may load: nothing but itself. Plotly makes code for WebGL."""

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
const paint = () => document.querySelectorAll(".js-plotly-plot").forEach(picture =>
  Plotly.relayout(picture, {"font.color": getComputedStyle(document.body).color}));
paint();
dark.addEventListener("change", paint);
"""


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
<script>{_COLORS}</script>
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
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, file)
