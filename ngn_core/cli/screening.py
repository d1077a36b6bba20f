"""`ngn predict --input`: very many structures, and the best of them."""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ngn_core.cli.arguments import add_jobs, from_one
from ngn_core.cli.arguments_sharing import add_max_time
from ngn_core.cli.exit import FAILED, OK
from ngn_core.cli.stopping import unless_stopped
from ngn_core.errors import NGNError

if TYPE_CHECKING:
    from ngn_core.prediction.timing import Timing
    from ngn_core.training.stop import Stop


def add_screening(parser: argparse._ActionsContainer) -> None:
    """Add `--input` and what goes with it."""
    parser.add_argument(
        "--input",
        type=Path,
        metavar="FILE|DIR",
        help="screen it: read in shards, one row an input with spread, 90 %% interval "
        "and flags; goes on where it was interrupted; structures that fail get their "
        "reason (.jsonl, .csv, .extxyz, ase .db, a folder of structures or of such "
        "files)",
    )
    parser.add_argument(
        "--target",
        metavar="TARGET",
        help="with --input: of which target, where there are several models",
    )
    parser.add_argument(
        "--top", type=from_one, metavar="K", help="with --input: print the K greatest"
    )
    parser.add_argument(
        "--by",
        choices=("mean", "lower", "upper"),
        help="with --top: of the prediction, or of an end of its interval (default: "
        "mean)",
    )
    parser.add_argument(
        "--least", action="store_true", help="with --top: the K least instead"
    )
    add_jobs(parser)
    add_max_time(parser, "shard")


def refuse_screening(args: argparse.Namespace) -> None:
    """Refuse what goes with `--input` alone.

    Raises:
        NGNError: naming the flag.
    """
    for flag in ("target", "top", "by", "least", "max_time"):
        if getattr(args, flag):
            raise NGNError(
                f"--{flag.replace('_', '-')} goes with --input, what to screen"
            )


def screen(args: argparse.Namespace) -> int:
    """Screen the input and return the exit code.

    Raises:
        NGNError: where flags do not go together, or the input cannot be read.
    """
    _check(args)
    try:
        return unless_stopped(args, partial(_screen, args), _tell)
    except KeyboardInterrupt:
        _tell("Finished shards are stored: the same command continues.")
        raise


def _check(args: argparse.Namespace) -> None:
    """Refuse flags that do not go together.

    Raises:
        NGNError: naming them.
    """
    if args.weights is not None:
        raise NGNError("--weights and --input: expected trials, or --model DIR")
    if args.out is None:
        raise NGNError("--input: expected --out FILE.csv or FILE.parquet, too")
    if args.out.resolve().is_relative_to(args.input.resolve()):
        raise NGNError(
            f"--out {args.out}: is inside of --input {args.input}; expected another "
            "folder, so that what is written is not screened"
        )
    if (args.model is None) != bool(args.paths):
        raise NGNError("--input: expected trials, or --model DIR, and no other paths")
    if (args.by or args.least) and args.top is None:
        raise NGNError("--by and --least go with --top K")


def _screen(args: argparse.Namespace, stop: Stop) -> int:
    from ngn_core.comparison.device import choose_device
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.prediction.calibrated import read_calibrated
    from ngn_core.prediction.export import read_exported
    from ngn_core.prediction.screened_input import content_of, rows_of
    from ngn_core.prediction.screening import Screening
    from ngn_core.prediction.screening import screen as screen_rows
    from ngn_core.prediction.top_rows import TopRows
    from ngn_core.report.screening import print_screening
    from ngn_core.training.stop import Stopped

    registry = collect(plugin_manager(args.plugin))
    rows = rows_of(args.input, registry)
    if args.model is None:
        paths = [Path(path) for path in args.paths]
        model = read_calibrated(paths, registry, args.spec, args.target)
    else:
        model = read_exported(args.model, registry)
    wanted = Screening(
        model,
        str(args.input),
        content_of(args.input),
        args.out,
        choose_device(args.device),
        args.jobs,
        args.state,
        args.on_disorder,
    )
    started = time.monotonic()

    def progress(timing: Timing) -> None:
        stop.follow()
        if sys.stderr.isatty():
            print(f"\r{timing.done:,} structures", end="", file=sys.stderr, flush=True)

    ranking = TopRows(args.top or 0, args.by or "mean", args.least)
    summary = None
    try:
        with stop.at_next_step():
            summary = screen_rows(wanted, rows, registry, ranking, progress)
    except Stopped:
        if summary is None:
            raise
    except NGNError:
        stop.follow()  # the signal killed the workers, too
        raise
    assert summary is not None
    print_screening(summary, ranking, time.monotonic() - started)
    return OK if summary.structures > summary.failed else FAILED


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)
