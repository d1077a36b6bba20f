"""Arguments on how a comparison shares its trials and its time."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngn_core.experiment.shard import Shard


def add_sharing(parser: argparse._ArgumentGroup) -> None:
    """Add the flags; calls with the same --out share their trials without any."""
    add_max_time(parser)
    parser.add_argument(
        "--shard",
        metavar="I/N",
        help="run only the I-th of N shares of the trials, and make no table; the same "
        "command without it makes the table",
    )
    parser.add_argument(
        "--trials-only",
        action="store_true",
        help="run trials that no other call is at, and make no table",
    )


def add_max_time(parser: argparse._ActionsContainer, kept: str = "checkpoint") -> None:
    """Add `--max-time TIME`.

    Args:
        parser: of the command.
        kept: what is written before the end.
    """
    parser.add_argument(
        "--max-time",
        metavar="TIME",
        help=f"write a {kept} and exit with 75 after 30m or 3h, say, as on SIGTERM "
        "and SIGUSR1; the same command continues",
    )


def shard_of(args: argparse.Namespace) -> Shard | None:
    """Return the share that is asked for, None for all trials."""
    from ngn_core.experiment.shard import parse_shard

    return None if args.shard is None else parse_shard(args.shard)


def seconds_of(args: argparse.Namespace) -> float | None:
    """Return the seconds after which the call is to end, None: never."""
    from ngn_core.comparison.time_limit import parse_time

    return None if args.max_time is None else parse_time(args.max_time, "--max-time")
