"""`ngn graph`: what one crystal becomes under a spec."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_plugin, add_set
from ngn_core.cli.exit import OK
from ngn_core.errors import NGNError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "graph",
        help="show the graph of one crystal: cell, symmetry, sizes, neighbor shells",
        description="Show what one crystal becomes under a spec: its cell and space "
        "group; how many nodes, edges and angles stay under each symmetry; "
        "multiplicities and neighbor shells. Lengths are in Å.",
    )
    made.add_argument(
        "crystal",
        metavar="FILE",
        help="structure file (CIF, POSCAR ...), or DATASET:ID, emt_alloys:emt-0001 say",
    )
    made.add_argument(
        "--spec", default="cogn", metavar="SPEC", help="spec (default: cogn)"
    )
    add_set(made)
    made.add_argument(
        "--plot",
        nargs="?",
        const="",
        metavar="OUT.html",
        help="write a page with a picture to turn, which needs no network (default: "
        "the crystal's name with .html)",
    )
    made.add_argument("--json", action="store_true", help="print JSON, not tables")
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: where the crystal or the spec cannot be used.
    """
    out = _out(args)
    from ngn_core.inspection.inspection import inspect
    from ngn_core.inspection.one_crystal import read_one
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.graph_table import as_json, print_inspection
    from ngn_core.spec.load import load_one

    registry = collect(plugin_manager(args.plugin))
    spec = load_one(args.spec, registry, args.assignments)
    crystal = read_one(args.crystal, registry)
    found, picture = inspect(args.crystal, crystal, spec)
    if out is not None:
        from ngn_core.report.graph_page import write_page

        write_page(found, picture, out)
        print(f"picture: {out}", file=sys.stderr)
    if args.json:
        print(as_json(found))
    else:
        print_inspection(found)
    return OK


def _out(args: argparse.Namespace) -> Path | None:
    """Return where the picture goes."""
    if args.plot is None:
        return None
    if not args.plot:
        name = re.split(r"[:/\\]", args.crystal)[-1]
        return Path(f"{Path(name).stem or 'crystal'}.html")
    out = Path(args.plot)
    if out.suffix.lower() not in (".html", ".htm"):
        raise NGNError(f"--plot {out}: expected a name that ends in .html")
    return out
