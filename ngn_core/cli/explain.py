"""`ngn explain`: which differences between two specs make the difference."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from ngn_core.cli.arguments import add_device, add_files, add_set, from_one
from ngn_core.cli.arguments_data import add_data
from ngn_core.cli.exit import FAILED, OK
from ngn_core.cli.request import request_of
from ngn_core.cli.written import tell_written


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "explain",
        help="why one spec beats another: train what lies between them",
        description="Walk from one architecture to another through their differences, "
        "grouped into factors; train the hybrids on the same folds and seeds, and "
        "attribute the change in error to the factors. A factor that changes nothing "
        "runs along and shows the noise. The cost is shown before it starts; the same "
        "command goes on where it was interrupted.",
    )
    made.add_argument("first", metavar="FIRST", help="spec where the walk begins")
    made.add_argument("last", metavar="LAST", help="spec where it ends")
    _add_walk(made.add_argument_group("walk"))
    add_data(made.add_argument_group("data"), several=False)
    training = made.add_argument_group("training")
    training.add_argument(
        "--seeds", type=int, default=1, metavar="N", help="trials a fold (default: 1)"
    )
    training.add_argument(
        "--epochs", type=int, metavar="N", help="epochs of every hybrid"
    )
    add_set(training)
    add_device(training)
    files = made.add_argument_group("files")
    add_files(files)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.attribution.ablation_plan import AttributionOptions, plan_ablation
    from ngn_core.attribution.explain import FOLDER, explain
    from ngn_core.attribution.plan_cost import estimate_plan_cost
    from ngn_core.comparison.open_run import open_run
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.explain import (
        print_explanation,
        print_walk,
        write_explanation,
    )
    from ngn_core.report.progress import Progress

    registry = collect(plugin_manager(args.plugin))
    request = request_of(args, (), seeds=args.seeds, epochs=args.epochs)
    groups = tuple(part for part in (args.factors or "").split(",") if part)
    match = tuple(dict.fromkeys(args.match))
    options = AttributionOptions(groups, args.orders, match, args.null_at)
    with Progress() as progress:
        ends = (args.first, args.last)
        run = open_run(request, registry, progress)
        plan, checked = plan_ablation(ends, options, request, run)
        cost = estimate_plan_cost(plan, checked, request, run)
    print_walk(plan, cost)
    if args.plan:
        return OK
    with Progress() as progress:
        found = explain(plan, request, replace(run, reporter=progress))
    print_explanation(found)
    written = write_explanation(found, args.out / FOLDER)
    tell_written(written)
    return FAILED if found.table.failures else OK


def _add_walk(plan: argparse._ActionsContainer) -> None:
    plan.add_argument(
        "--factors",
        metavar="NAME,NAME+NAME,...",
        help="what changes apart and what together, of connectivity, cell, embedding, "
        "message, depth, readout, training; the rest is one more factor (default: "
        "each apart)",
    )
    plan.add_argument(
        "--orders",
        type=from_one,
        metavar="N",
        help="walk so many orders of the factors, and train only the hybrids on them "
        "(default: all for up to four factors, else 8)",
    )
    plan.add_argument(
        "--match",
        action="append",
        choices=("parameters", "scale"),
        default=[],
        help="parameters: widths of every hybrid give it the parameters of FIRST; "
        "scale: sums over neighbors are divided by their mean number",
    )
    plan.add_argument(
        "--null-at",
        choices=("first", "last", "both"),
        default="both",
        help="ends that are also trained under another symmetry, which changes nothing "
        "but rounding and is slow on full crystals: the noise floor (default: both)",
    )
    plan.add_argument(
        "--plan", action="store_true", help="show factors and cost, and stop"
    )
