"""The interface of executors: where the trials of a comparison are run."""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ngn_core.plugin import options

UNFINISHED = 75
"""Exit code of a call that wrote a checkpoint and goes on when it is made again."""

NUMERICAL_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""What numerical libraries read when they are imported."""


@dataclass(frozen=True)
class Call:
    """The work of a worker: it runs one trial and stores the result itself.

    On SIGTERM and SIGUSR1 it writes a checkpoint and ends with 75. Made again, it goes
    on from there, on any machine that sees the folder of results at the same path.

    Attributes:
        title: of its trial, for who watches.
        main: takes the request and returns the exit code; its module can be run, too.
        request: file that says which trial, and all that is asked of it.
        folder: that it works in; relative paths start there.
        log: file for what it prints.
        on_gpu: whether the trial would be trained on a GPU here.
    """

    title: str
    main: Callable[[Path], int]
    request: Path
    folder: Path
    log: Path
    on_gpu: bool = False

    @property
    def command(self) -> list[str]:
        """Return the command line that makes it in a process of its own."""
        return [sys.executable, "-m", self.main.__module__, str(self.request)]

    def run(self, threads: int) -> int:
        """Make it in this process, which does nothing else; return its exit code.

        Args:
            threads: of numerical libraries.
        """
        os.chdir(self.folder)
        os.environ.update(with_threads(threads))
        import torch

        torch.set_num_threads(threads)  # it may be imported already
        with (
            self.log.open("a", encoding="utf-8") as log,
            redirect_stdout(log),
            redirect_stderr(log),
        ):
            return self.main(self.request)


@dataclass(frozen=True)
class Ended:
    """A call that is over.

    Attributes:
        call: which.
        code: that it exited with; None where it was lost: killed, or with its machine.
        reason: why it was lost, in words.
    """

    call: Call
    code: int | None
    reason: str = ""


class Executor(ABC):
    """Makes calls in other processes, here or on other machines.

    It knows nothing of trials: calls share them through the folder of results. A call
    that is lost or out of time is given to it again.
    """

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def start(self, calls: Sequence[Call]) -> None:
        """Take calls, and make them as soon as there is room.

        Raises:
            ExecutorError: where none can be made, for a library is missing, say.
        """

    @abstractmethod
    def ended(self) -> list[Ended]:
        """Return the calls that ended since this was asked last; does not wait."""

    @abstractmethod
    def stop(self) -> None:
        """Let the calls that run write a checkpoint and end, and forget the others.

        It is the last thing asked for, also where all calls have ended.
        """


def with_threads(threads: int) -> dict[str, str]:
    """Return the environment that gives numerical libraries so many threads."""
    return dict.fromkeys(NUMERICAL_THREADS, str(threads))
