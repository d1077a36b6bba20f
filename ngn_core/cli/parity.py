"""`ngn parity`: a spec's network against a reference implementation's numbers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_plugin, add_set
from ngn_core.cli.exit import FAILED, OK


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "parity",
        help="compare a network with a reference implementation's numbers",
        description="Load a reference's weights into a spec's network and compare what "
        "both make of the same crystals, on the reference's edges. A deviation is "
        "|a - b| / max(|b|, median |b| of the folder). Exit code 1 where one is above "
        "the tolerance: 1e-7 in float64, or what the importer says, 1e-4 in float32.",
    )
    made.add_argument(
        "spec", metavar="SPEC", help="spec file, or name of a shipped spec"
    )
    made.add_argument(
        "folder",
        type=Path,
        metavar="REFERENCE_DIR",
        help="folder with config.json, weights.npz and cases.jsonl",
    )
    made.add_argument(
        "--dtype",
        choices=("float64", "float32"),
        default="float64",
        help="precision of the network (default: float64)",
    )
    made.add_argument(
        "--own-graph",
        action="store_true",
        help="also compare the graphs that the published spec builds of the structures",
    )
    made.add_argument("--json", action="store_true", help="print JSON, not tables")
    add_set(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.checks.parity import parity
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.parity import parity_as_json, print_parity

    registry = collect(plugin_manager(args.plugin))
    found = parity(
        args.folder,
        registry,
        args.spec,
        args.dtype,
        args.own_graph,
        args.assignments,
        _tell,
    )
    print(parity_as_json(found)) if args.json else print_parity(found)
    return OK if found.passed else FAILED


def _tell(done: int, total: int) -> None:
    """Say on a terminal how many cases are done."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\rcompared {done} of {total} cases", end=end, file=sys.stderr)
