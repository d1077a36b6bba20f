"""Signals and a time limit, which end a call so that the next one continues it."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ngn_core.cli.arguments_sharing import seconds_of
from ngn_core.cli.exit import UNFINISHED

if TYPE_CHECKING:
    from ngn_core.training.stop import Stop


@contextmanager
def stopping(seconds: float | None, said: str | None = None) -> Iterator[Stop]:
    """Let SIGTERM, SIGUSR1 and the time end what is done meanwhile.

    The time is the system's timer, which does not follow the clock on the wall.

    Args:
        seconds: after which the work is to end, None: never.
        said: the time as the user said it.
    """
    from ngn_core.training.stop import Stop

    stop = Stop()
    reasons = {signal.SIGTERM: "SIGTERM came", signal.SIGUSR1: "SIGUSR1 came"}
    if seconds is not None:
        reasons[signal.SIGALRM] = f"--max-time {said} is over"

    def ask(number: int, frame: Any) -> None:
        stop.ask(reasons[signal.Signals(number)])

    before = {number: signal.signal(number, ask) for number in reasons}
    if seconds is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield stop
    finally:
        if seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def unless_stopped(
    args: argparse.Namespace,
    work: Callable[[Stop], int],
    say: Callable[[str], None],
) -> int:
    """Return the exit code of work, 75 where a signal or `--max-time` ended it.

    Args:
        args: with what `add_max_time` says.
        work: is given what says when to end.
        say: is told a sentence where it ended.
    """
    from ngn_core.training.stop import Stopped

    try:
        with stopping(seconds_of(args), args.max_time) as stop:
            return work(stop)
    except Stopped as stopped:
        say(f"{stopped}: what is done is stored, the same call goes on.")
        return UNFINISHED
