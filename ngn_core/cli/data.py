"""`ngn data`: what is in a dataset before anyone trains on it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_cache, add_plugin, add_set
from ngn_core.cli.arguments_data import add_declaration, add_split, declaration_of
from ngn_core.cli.exit import OK
from ngn_core.errors import NGNError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "data",
        help="show what is in a dataset: rows, target, outliers, duplicates",
        description="Look at a dataset before training on it: rows that cannot be used "
        "and why, elements, cells, crystal systems, the target and its outliers; "
        "crystals of one formula or one structure, and how many of them stand in "
        "training and test part of a fold; crystals whose graphs a spec cannot tell "
        "apart although their targets differ.",
    )
    made.add_argument(
        "data", metavar="DATA", help="name, folder or file; ngn plugins lists the kinds"
    )
    made.add_argument(
        "--target",
        metavar="COLUMN",
        help="what is to be predicted (default: the declared one, else the first)",
    )
    made.add_argument(
        "--spec",
        default="cogn",
        metavar="SPEC",
        help="spec whose graphs are compared (default: cogn); none builds no graphs",
    )
    made.add_argument("--json", action="store_true", help="print JSON, not tables")
    made.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write a page with plots, which needs no network",
    )
    add_split(made)
    add_declaration(made, targets=True)
    add_set(made)
    add_cache(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: where dataset, target, split or spec cannot be used.
    """
    if args.html is not None and args.html.suffix.lower() not in (".html", ".htm"):
        raise NGNError(f"--html {args.html}: expected a name that ends in .html")
    from ngn_core.dataset.declare import open_declared
    from ngn_core.dataset.split_choice import SplitChoice
    from ngn_core.inspection.survey import survey
    from ngn_core.packed.cache import default_cache
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.data_table import print_survey, survey_as_json
    from ngn_core.report.progress import Progress
    from ngn_core.spec.load import load_one

    registry = collect(plugin_manager(args.plugin))
    spec = None
    if args.spec != "none":
        spec = load_one(args.spec, registry, args.assignments)
    targets = () if args.target is None else (args.target,)
    table = open_declared(args.data, registry, declaration_of(args), targets)
    with Progress() as progress:
        found = survey(
            table,
            args.target,
            SplitChoice(args.split, args.folds, args.by, args.holdout),
            spec,
            registry,
            progress,
            args.cache or default_cache(),
            args.jobs,
        )
    if args.html is not None:
        from ngn_core.report.data_page import write_page

        write_page(found, args.html)
        progress.note(f"page: {args.html}")
    if args.json:
        print(survey_as_json(found))
    else:
        print_survey(found)
    return OK
