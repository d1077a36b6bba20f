"""The resolved specs of a report, and what differs between them, in HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import unified_diff
from html import escape

from ngn_core.summary.summary import ComparisonSummary


def spec_texts(summary: ComparisonSummary) -> dict[str, str]:
    """Return the resolved YAML of each spec that was trained here, the best first."""
    return {
        line.spec: result.written
        for found in summary.parts
        for line in found.comparison.lines
        for result in line.results[:1]
        if result.written
    }


def specs_as_html(texts: Mapping[str, str]) -> str:
    """Return each text, and the difference of each to the first; nothing of none."""
    if not texts:
        return ""
    parts = ["<h2>Specs</h2>"]
    for name, text in texts.items():
        parts.append(_folded(f"{name}, resolved", escape(text)))
    first, *others = texts
    for other in others:
        changed = difference(texts[first], texts[other])
        title = f"{first} and {other}: what differs"
        parts.append(_folded(title, _colored(changed)))
    return "\n".join(parts)


def difference(a: str, b: str) -> list[str]:
    """Return the lines that differ: with `-` those of `a`, with `+` those of `b`."""
    lines = list(unified_diff(a.splitlines(), b.splitlines(), lineterm="", n=2))
    return lines[2:]


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{escape(title)}</summary>\n<pre>{text}</pre>\n</details>"


def _colored(lines: Sequence[str]) -> str:
    tags = {"+": "ins", "-": "del"}
    drawn = ""
    for line in lines:
        tag = tags.get(line[:1])
        text = escape(line)
        drawn += f"<{tag}>{text}</{tag}>" if tag else f"{text}\n"
    return drawn or "nothing"
