"""The shipped specs as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from ngn_core.report.console import page, plain


def print_shipped(specs: Mapping[str, Mapping[str, Any]]) -> None:
    """Print name, DOI and note of each spec, from its data by name."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("name", "doi", "note"):
        table.add_column(title, no_wrap=title == "name", overflow="fold")
    for name, data in specs.items():
        reference = data.get("reference") or {}
        cells = [name, reference.get("doi") or "", reference.get("note") or ""]
        table.add_row(*(plain(str(cell)) for cell in cells))
    page().print(table)
