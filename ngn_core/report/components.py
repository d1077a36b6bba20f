"""All components as a table, and as JSON."""

from __future__ import annotations

import json

from ngn_core.plugin.registry import Entry, Registry
from ngn_core.report.console import page
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable


def print_components(registry: Registry) -> None:
    """Print every component under its kind, with its origin and its first sentence."""
    groups: dict[str, list[Row]] = {}
    for entry in registry:
        own = groups.setdefault(entry.kind, [(entry.kind, "", "")])
        own.append((f"  {entry.name}", str(entry.origin), _summary(entry)))
    table = TypedTable(
        "components",
        "",
        (
            TableColumn("name", "kind and name"),
            TableColumn("origin", "from"),
            TableColumn("description", "what it is"),
        ),
        tuple(map(tuple, groups.values())),
        marked=frozenset(groups),
    )
    print_table(page(), table)


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
