"""Ending a command so that the next call continues it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from ngn_core.cli.arguments_sharing import seconds_of
from ngn_core.cli.exit import UNFINISHED

if TYPE_CHECKING:
    from ngn_core.training.stop import Stop


def unless_stopped(
    args: argparse.Namespace,
    work: Callable[[Stop], int],
    note: Callable[[str], None],
) -> int:
    """Return the exit code of work, 75 where a signal or `--max-time` ended it.

    Args:
        args: with what `add_max_time` says.
        work: is given what says when to end.
        note: is told a sentence where it ended.
    """
    from ngn_core.experiment.stopping import stopping
    from ngn_core.training.stop import Stopped

    try:
        with stopping(seconds_of(args), args.max_time) as stop:
            return work(stop)
    except Stopped as stopped:
        note(f"{stopped}: what is done is stored, the same call goes on.")
        return UNFINISHED
