"""Live progress over graphs, trials and epochs."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from ngn_core.report.console import plain
from ngn_core.summary.numbers import format_number, plural

if TYPE_CHECKING:
    from ngn_core.experiment.result import Result
    from ngn_core.experiment.trial import Trial


class Progress:
    """Bars on a terminal, lines elsewhere; both on standard error."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Progress:
        """Show the bars."""
        self.bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bars away."""
        self.close()

    def close(self) -> None:
        """Take the bars away."""
        self.bars.stop()

    def note(self, sentence: str) -> None:
        """Print a sentence above the bars."""
        self._print(plain(sentence))

    def graphs(self, spec: str, done: int, total: int) -> None:
        """Move the bar of a spec's graphs."""
        self.step(f"graphs of {spec}", done, total)

    def step(self, name: str, done: int, total: int) -> None:
        """Move the bar of whatever crystals go through one by one."""
        self._bar(name, total)
        self.bars.update(
            self.tasks[name], completed=done, total=total, visible=done < total
        )

    def plan(self, trials: int, stored: int) -> None:
        """Start the bar of the trials, anew for each target."""
        if stored:
            verb = "is" if stored == 1 else "are"
            self.note(f"{stored:,} of {plural(trials, 'trial')} {verb} stored already")
        self._bar("trials", trials)
        self.bars.reset(self.tasks["trials"], total=trials, completed=stored)

    def begin(self, trial: Trial) -> None:
        """Start the bar of a trial's epochs."""
        name = _title(trial)
        self._bar(name, trial.epochs)

    def epoch(self, trial: Trial, done: int) -> None:
        """Move the bar of a trial's epochs."""
        self.bars.update(self.tasks[_title(trial)], completed=done)

    def finish(self, trial: Trial, result: Result) -> None:
        """Say what a trial gave."""
        self._end(trial)
        score = result.scores[0]
        seconds = result.cost["train_seconds"] or 0.0
        unit = f" {score.unit}" if score.unit else ""
        self.note(
            f"{_title(trial)}: {score.title} {format_number(score.value)}{unit} "
            f"({seconds:.1f} s)"
        )

    def fail(self, trial: Trial, reason: str) -> None:
        """Say why a trial failed."""
        self._end(trial)
        self._print(Text.assemble(("failed", "red"), f" {_title(trial)}: {reason}"))

    def _end(self, trial: Trial) -> None:
        """Count a trial; it may have run in another process, or never begun."""
        if (name := _title(trial)) in self.tasks:
            self.bars.update(self.tasks[name], visible=False)
        if "trials" in self.tasks:
            self.bars.advance(self.tasks["trials"])

    def _print(self, text: Text) -> None:
        self.console.print(text, soft_wrap=True)

    def _bar(self, name: str, total: int) -> None:
        if name not in self.tasks:
            self.tasks[name] = self.bars.add_task(name, total=total)


def _title(trial: Trial) -> str:
    return f"{trial.spec.name} {trial.target.name} fold {trial.fold} seed {trial.seed}"
