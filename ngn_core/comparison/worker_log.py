"""What a worker prints of its trials."""

from __future__ import annotations

import sys

from ngn_core.experiment.result import Result
from ngn_core.experiment.trial import Trial


class WorkerLog:
    """Prints a line for what ends, and for what the user should know."""

    def note(self, sentence: str) -> None:
        """Print a sentence."""
        print(sentence, file=sys.stderr, flush=True)

    def graphs(self, spec: str, done: int, total: int) -> None:
        """Print nothing: who waits has built the graphs."""

    def step(self, name: str, done: int, total: int) -> None:
        """Print nothing."""

    def plan(self, trials: int, stored: int) -> None:
        """Print nothing: it is one trial."""

    def begin(self, trial: Trial) -> None:
        """Print which one."""
        self.note(f"{_title(trial)}: begins, or goes on")

    def epoch(self, trial: Trial, done: int) -> None:
        """Print nothing: who waits reads the file of epochs."""

    def finish(self, trial: Trial, result: Result) -> None:
        """Print what a trial gave."""
        score = result.scores[0]
        unit = f" {score.unit}" if score.unit else ""
        self.note(f"{_title(trial)}: {score.title} {score.value:.4g}{unit}")

    def fail(self, trial: Trial, reason: str) -> None:
        """Print why a trial failed."""
        self.note(f"failed {_title(trial)}: {reason}")


def _title(trial: Trial) -> str:
    return f"{trial.spec.name} {trial.target.name} fold {trial.fold} seed {trial.seed}"
