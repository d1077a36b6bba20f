"""Signals and a time limit, which end a call so that the next one continues it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ngn_core.training.stop import Stop


@contextmanager
def stopping(seconds: float | None = None, said: str | None = None) -> Iterator[Stop]:
    """Let SIGTERM, SIGUSR1 and the time end what is done meanwhile.

    The time is the system's timer, which does not follow the clock on the wall.

    Args:
        seconds: after which the work is to end, None: never.
        said: the time as the user said it.
    """
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
