"""`ngn prepare`: build the graphs of a dataset ahead of a comparison."""

from __future__ import annotations

import argparse
from typing import Any

from ngn_core.cli.arguments import add_cache, add_plugin, add_set, add_specs
from ngn_core.cli.arguments_data import (
    add_declaration,
    add_on_disorder,
    declaration_of,
)
from ngn_core.cli.exit import FAILED, OK


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "prepare",
        help="build the graphs of a dataset ahead of a comparison",
        description="Build the graphs of a dataset for each spec and keep them in the "
        "cache, where comparisons of all its rows find them. Memory does not grow with "
        "the graphs.",
    )
    add_specs(made)
    made.add_argument(
        "--dataset", required=True, metavar="DATA", help="name, folder or file"
    )
    made.add_argument(
        "--limit", type=int, metavar="N", help="a seeded sample of so many crystals"
    )
    add_declaration(made, targets=False)
    add_on_disorder(made)
    add_set(made)
    add_cache(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.dataset.declare import open_declared
    from ngn_core.dataset.select import select
    from ngn_core.experiment.prepare import fill
    from ngn_core.packed.cache import default_cache
    from ngn_core.packed.needs import check_columns
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.progress import Progress
    from ngn_core.spec.load import load_specs

    registry = collect(plugin_manager(args.plugin))
    specs = load_specs(args.specs, registry, args.assignments)
    table = open_declared(args.dataset, registry, declaration_of(args))
    crystals = select(
        table,
        None,
        limit=args.limit,
        on_bad_structure="skip",
        on_disorder=args.on_disorder,
        read=check_columns(specs, table),
    )
    cache = args.cache or default_cache()
    with Progress() as progress:
        filled = fill(specs, crystals, registry, cache, progress, args.jobs)
    for name, found in filled.items():
        rate = found.built / max(found.seconds, 1e-9)
        print(
            f"{name}: {len(crystals) - found.built:,} crystals were there already, "
            f"{found.built:,} built in {found.seconds:.1f} s ({rate:,.0f} a second)"
        )
        for crystal, reason in found.failures.items():
            print(f"  failed {crystal}: {reason}")
    for row in crystals.skipped:
        print(f"unreadable {row.id} ({row.where}): {row.reason}")
    failed = crystals.skipped or any(found.failures for found in filled.values())
    return FAILED if failed else OK
