"""One crystal's graph on the terminal, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from ngn_core.report.console import page, plain
from ngn_core.report.formats.terminal import print_facts, print_table
from ngn_core.report.graph_rows import facts, graph_tables, heading

if TYPE_CHECKING:
    from ngn_core.inspection.inspection import Inspection

UNITS = {
    "lengths": "Å",
    "angles": "degrees",
    "volume": "Å^3",
    "symprec": "Å",
    "angle_tolerance": "degrees",
    "shift": "Å",
    "distance": "Å",
}
"""Of the keys that have one."""


def print_inspection(found: Inspection) -> None:
    """Print what is known of the crystal, then sizes, kept nodes and shells."""
    console = page()
    console.print(plain(heading(found), "bold"))
    print_facts(console, facts(found))
    for table in graph_tables(found):
        print_table(console, table)


def as_json(found: Inspection) -> str:
    """Return all of it as JSON, every node and every shell."""
    return json.dumps({"units": UNITS, **asdict(found)}, indent=1, ensure_ascii=False)
