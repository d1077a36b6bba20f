"""A wish to end that a training follows at its next step, and others at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Stopped(BaseException):
    """The work was asked to end before it was done; the same call continues it.

    Like `KeyboardInterrupt` no error, so that nothing takes it for one.
    """


class Stop:
    """Whether the work is to end, and why; signal handlers ask for it.

    Attributes:
        reason: why, None as long as it is not.
    """

    def __init__(self) -> None:
        self.reason: str | None = None
        self._steps = False

    def ask(self, reason: str) -> None:
        """Ask for the end.

        Raises:
            Stopped: at once, where nothing would be lost.
        """
        self.reason = reason
        if not self._steps:
            raise Stopped(reason)

    @contextmanager
    def at_next_step(self) -> Iterator[None]:
        """Let what is asked for meanwhile wait for `follow`, or for the end of this.

        Raises:
            Stopped: before or at the end, where it was asked for.
        """
        self.follow()
        self._steps = True
        try:
            yield
        finally:
            self._steps = False
        self.follow()

    def follow(self) -> None:
        """End where that was asked for.

        Raises:
            Stopped: then.
        """
        if self.reason is not None:
            raise Stopped(self.reason)
