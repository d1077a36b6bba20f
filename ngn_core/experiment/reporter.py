"""What a comparison tells whoever watches it."""

from __future__ import annotations

from typing import Protocol

from ngn_core.experiment.result import Result
from ngn_core.experiment.trial import Trial


class Reporter(Protocol):
    """Called in this order: graphs, then trials one after the other."""

    def note(self, sentence: str) -> None:
        """Something the user should know now."""

    def graphs(self, spec: str, done: int, total: int) -> None:
        """`done` of `total` crystals of a spec have their graphs."""

    def step(self, name: str, done: int, total: int) -> None:
        """`done` of `total` crystals have been through some other step."""

    def plan(self, trials: int, stored: int) -> None:
        """There are so many trials, of which so many are stored already."""

    def begin(self, trial: Trial) -> None:
        """A trial starts, or goes on."""

    def epoch(self, trial: Trial, done: int) -> None:
        """A trial has finished so many epochs."""

    def finish(self, trial: Trial, result: Result) -> None:
        """A trial is stored."""

    def fail(self, trial: Trial, reason: str) -> None:
        """A trial failed; the others go on."""


class SilentReporter:
    """A reporter that tells nobody."""

    def note(self, sentence: str) -> None:  # noqa: D102
        pass

    def graphs(self, spec: str, done: int, total: int) -> None:  # noqa: D102
        pass

    def step(self, name: str, done: int, total: int) -> None:  # noqa: D102
        pass

    def plan(self, trials: int, stored: int) -> None:  # noqa: D102
        pass

    def begin(self, trial: Trial) -> None:  # noqa: D102
        pass

    def epoch(self, trial: Trial, done: int) -> None:  # noqa: D102
        pass

    def finish(self, trial: Trial, result: Result) -> None:  # noqa: D102
        pass

    def fail(self, trial: Trial, reason: str) -> None:  # noqa: D102
        pass
