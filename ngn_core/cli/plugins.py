"""`ngn plugins`: every component that a spec or a flag can name."""

from __future__ import annotations

import argparse
from typing import Any

from ngn_core.cli.arguments import add_plugin
from ngn_core.cli.exit import OK


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "plugins",
        help="list every component, its kind and where it comes from",
        description="List every component that a spec can name by `use:`, and every "
        "dataset, with the distribution and version it comes from.",
    )
    made.add_argument("--json", action="store_true", help="print JSON, not a table")
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.components import as_json, print_components

    registry = collect(plugin_manager(args.plugin))
    if args.json:
        print(as_json(registry))
    else:
        print_components(registry)
    return OK
