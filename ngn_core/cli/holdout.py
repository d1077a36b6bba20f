"""`ngn holdout`: score stored trials on what was held out, and record that."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_device, add_plugin
from ngn_core.cli.exit import OK


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "holdout",
        help="score trained trials on what was held out",
        description="Score the trials of ngn-compare --holdout on the crystals that no "
        "trial saw. Every reading is recorded in holdout.jsonl beside the trials: read "
        "it once, when everything else is decided.",
    )
    made.add_argument(
        "runs", type=Path, metavar="RUNS", help="folder that ngn-compare wrote"
    )
    made.add_argument(
        "--dataset",
        metavar="DATA",
        help="where the crystals are now (default: where they were)",
    )
    add_device(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.comparison.device import choose_device
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.prediction.holdout_score import read_holdouts
    from ngn_core.report.holdout import print_readings
    from ngn_core.report.progress import Progress

    registry = collect(plugin_manager(args.plugin))
    device = choose_device(args.device)
    with Progress() as progress:
        readings = read_holdouts(args.runs, registry, device, progress, args.dataset)
    print_readings(readings)
    return OK
