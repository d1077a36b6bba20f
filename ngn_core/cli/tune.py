"""`ngn tune`: search a spec's training and sizes inside of each fold."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngn_core.cli.arguments import (
    add_cache,
    add_device,
    add_devices,
    add_plugin,
    add_set,
)
from ngn_core.cli.arguments_data import add_data
from ngn_core.cli.arguments_sharing import add_max_time
from ngn_core.cli.exit import OK
from ngn_core.cli.request import request_of
from ngn_core.cli.stopping import unless_stopped

if TYPE_CHECKING:
    from ngn_core.report.progress import Progress
    from ngn_core.training.stop import Stop


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "tune",
        help="search a spec's training and sizes inside of each fold",
        description="Search the values of a spec with Optuna (ngn[tune]): one study "
        "for each fold, which sees that fold's training part alone, and one best spec "
        "for each, written with where it comes from. The same call goes on where an "
        "earlier one ended; more --trials go on with the same studies.",
    )
    made.add_argument(
        "spec", metavar="SPEC", help="spec file, or name of a shipped one"
    )
    made.add_argument(
        "--space",
        type=Path,
        metavar="FILE",
        help="keys of the spec, each with a list or {min: A, max: B, log: true} "
        "(default: learning rate, depth, width, batch size and epochs around its own)",
    )
    made.add_argument(
        "--trials",
        type=int,
        default=20,
        metavar="N",
        help="of each study (default: 20)",
    )
    made.add_argument(
        "--fold",
        type=int,
        action="append",
        default=[],
        metavar="N",
        help="only this fold; may be given again (default: all)",
    )
    made.add_argument(
        "--budget",
        metavar="BUDGET",
        help="of every trial: epochs=N, steps=N or seconds=S (default: its own epochs)",
    )
    made.add_argument(
        "--specs",
        type=Path,
        metavar="DIR",
        help="for SPEC_fold0.yaml and so on (default: specs in the folder of --out)",
    )
    add_data(made.add_argument_group("data"), several=False)
    add_set(made)
    add_device(made)
    add_devices(made)
    made.add_argument(
        "--out",
        type=Path,
        default=Path("runs"),
        metavar="DIR",
        help="studies and their trials (default: runs)",
    )
    made.add_argument(
        "--fresh", action="store_true", help="run trials of new studies again"
    )
    add_max_time(made)
    add_cache(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: for anything that is wrong before the first trial.
    """
    from ngn_core.errors import NGNError
    from ngn_core.report.progress import Progress

    if args.trials < 1:
        raise NGNError(f"--trials {args.trials}: expected a number from 1 on")
    with Progress() as progress:

        def tell(sentence: str) -> None:
            progress.close()
            progress.note(sentence)

        return unless_stopped(args, partial(_tune, args, progress), tell)


def _tune(args: argparse.Namespace, progress: Progress, stop: Stop) -> int:
    from ngn_core.comparison.open_run import open_run
    from ngn_core.comparison.tuned import TunedProtocol
    from ngn_core.comparison.tuning import tune
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.tuned import print_tuned

    registry = collect(plugin_manager(args.plugin))
    request = request_of(
        args,
        [args.spec],
        budget=args.budget,
        devices=args.devices,
    )
    protocol = TunedProtocol(args.trials, args.space)
    run = open_run(request, registry, progress, stop)
    folder = args.specs or args.out / "specs"
    space, found = tune(request, protocol, run, folder, args.fold)
    progress.close()
    print_tuned(space, found)
    return OK
