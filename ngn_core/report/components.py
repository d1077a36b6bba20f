"""All components as a table, and as JSON."""

from __future__ import annotations

import json

from rich.box import SIMPLE_HEAD
from rich.table import Table

from ngn_core.plugin.registry import Entry, Registry
from ngn_core.report.console import page, plain


def print_components(registry: Registry) -> None:
    """Print every component under its kind, with its origin and its first sentence."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("kind and name", "from", "what it is"):
        table.add_column(title, no_wrap=title != "what it is")
    kind = None
    for entry in registry:
        if entry.kind != kind:
            table.add_section()
            table.add_row(plain(entry.kind, "bold"))
            kind = entry.kind
        table.add_row(
            plain(f"  {entry.name}"), plain(str(entry.origin)), plain(_summary(entry))
        )
    page().print(table)


def as_json(registry: Registry) -> str:
    """Return the same as JSON: a list of objects."""
    rows = [
        {
            "kind": entry.kind,
            "name": entry.name,
            "class": f"{entry.component.__module__}.{entry.component.__qualname__}",
            "distribution": entry.origin.distribution,
            "version": entry.origin.version,
            "description": _summary(entry),
        }
        for entry in registry
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _summary(entry: Entry) -> str:
    """Return the first paragraph of the docstring in one line."""
    return " ".join(entry.description.partition("\n\n")[0].split())
