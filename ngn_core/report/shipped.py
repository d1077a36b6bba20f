"""The shipped specs as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ngn_core.report.console import page
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.typed_table import TableColumn, TypedTable


def print_shipped(specs: Mapping[str, Mapping[str, Any]]) -> None:
    """Print name, DOI and note of each spec, from its data by name."""
    rows = []
    for name, data in specs.items():
        reference = data.get("reference") or {}
        about = (reference.get("doi") or "", reference.get("note") or "")
        rows.append((name, *map(str, about)))
    columns = (
        TableColumn("name", "name"),
        TableColumn("doi", "doi"),
        TableColumn("note", "note"),
    )
    print_table(page(), TypedTable("specs", "", columns, (tuple(rows),)))
