"""`ngn status`: what has become of the trials of a comparison."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from ngn_core.cli.exit import OK, UNFINISHED


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "status",
        help="what has become of the trials of a comparison",
        description="Say of each trial that ngn-compare planned in a folder whether it "
        "is done, running, dead, stopped or missing, and why. Exits with 0 where all "
        "are done, else with 75.",
    )
    made.add_argument(
        "runs", type=Path, metavar="RUNS", help="folder that ngn-compare --out wrote"
    )
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.experiment.status import read_status

    found = read_status(args.runs)
    counts = Counter(one.state for one in found)
    told = (f"{count} {state}" for state, count in sorted(counts.items()))
    print(f"{len(found)} trials: {', '.join(told)}")
    for one in found:
        reason = f": {one.reason}" if one.reason else ""
        print(f"{one.state:8} {one.trial.digest[:16]} {one.trial}{reason}")
    return OK if counts["done"] == len(found) else UNFINISHED
