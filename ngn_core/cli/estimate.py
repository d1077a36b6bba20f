"""`ngn estimate`: what a comparison will take, before it starts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from ngn_core.cli.benchmark import with_benchmark
from ngn_core.cli.compare import add_arguments, comparison_of
from ngn_core.cli.exit import OK


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "estimate",
        help="time, memory and disk of a comparison, before it starts",
        description="Build the graphs of a few crystals, train on a few batches, and "
        "say what the comparison with these arguments of ngn-compare will take.",
    )
    add_arguments(made)
    made.set_defaults(run=run)


def arguments(given: Sequence[str]) -> list[str]:
    """Return the arguments of the command with those of its benchmark file."""
    made = argparse.ArgumentParser(prog="ngn estimate")
    add_arguments(made)
    return with_benchmark(made, given)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.comparison.open_run import open_run
    from ngn_core.comparison.session import estimates
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.estimate import print_estimate
    from ngn_core.report.progress import Progress

    registry = collect(plugin_manager(args.plugin))
    with Progress() as progress:
        request = comparison_of(args)
        found = estimates(request, open_run(request, registry, progress))
    for estimate in found:
        print_estimate(estimate)
    return OK
