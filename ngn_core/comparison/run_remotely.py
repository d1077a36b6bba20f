"""Running the trials of a target through an executor, and watching them."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ngn_core.comparison.folds import Grid
from ngn_core.comparison.request import share_of
from ngn_core.comparison.request_file import write_request
from ngn_core.comparison.worker import work
from ngn_core.experiment.epoch_file import epochs_done
from ngn_core.experiment.lease import POLL
from ngn_core.experiment.plan import write_plan
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.shard import Shard
from ngn_core.experiment.store import PARTIAL
from ngn_core.experiment.trial import Trial
from ngn_core.plugin.executor import UNFINISHED, Call, Ended, Executor
from ngn_core.plugin.options import Use

LOGS = "workers"
"""Where beside unfinished trials the output of their workers is."""

MOST = 3
"""How often in a row a call is made that gets no further."""


def run_remotely(grid: Grid, chosen: Use) -> None:
    """Run all trials of a target that are not stored, each by a call of its own.

    Args:
        grid: the trials.
        chosen: the executor that makes the calls.

    Raises:
        ExecutorError: where no call can be made.
        Stopped: where the work was asked to end; the calls have ended, too.
    """
    run, trials = grid.run, grid.trials()
    store = run.store
    known = not grid.request.protocol.chooses
    stored = {one for one in trials if known and store.has(one.digest)}
    if known:
        write_plan(store.runs, trials)
        run.reporter.plan(len(trials), len(stored))
    if len(stored) == len(trials):
        return
    logs = (store.runs / PARTIAL / LOGS).absolute()
    logs.mkdir(parents=True, exist_ok=True)
    parts = {}
    for place, trial in enumerate(trials):
        if trial not in stored:
            store.forget_failure(trial.digest)
            share = Shard(place + 1, len(trials))
            parts[_call(grid, trial, share, logs)] = _Part(trial)
    executor: Executor = chosen.build()
    with run.stop.at_next_step():
        try:
            _Watched(executor, parts, known, run).follow()
        finally:
            executor.stop()


def _call(grid: Grid, trial: Trial, share: Shard, logs: Path) -> Call:
    """Return the call that runs a trial, its request written beside its log."""
    target, name = trial.target.name, trial.digest[:16]
    file = logs / f"{name}.json"
    write_request(share_of(grid.request, target, share), file)
    return Call(
        f"{trial.spec.name} {target} fold {trial.fold} seed {trial.seed}",
        work,
        file,
        Path.cwd(),
        logs / f"{name}.log",
        grid.run.device.type == "cuda",
    )


@dataclass
class _Part:
    """A trial that a call runs.

    Attributes:
        trial: which.
        tries: how often its call was made and got no further.
        mark: of the checkpoint that it goes on from.
        epochs: that are known to be done, None before the first.
    """

    trial: Trial
    tries: int = 0
    mark: int | None = None
    epochs: int | None = None


@dataclass
class _Watched:
    """The calls of a target, until all are over.

    Attributes:
        executor: makes them.
        parts: the trials, by their calls.
        known: whether trainings, and so digests, are known before they are run.
        run: what the trials are run with.
    """

    executor: Executor
    parts: dict[Call, _Part]
    known: bool
    run: Run

    def follow(self) -> None:
        """Make the calls, again if they are lost, until all trials are done or fail."""
        total = len(self.parts)
        self.executor.start(list(self.parts))
        while self.parts and self.run.stop.reason is None:
            ended = self.executor.ended()
            again = [one.call for one in ended if self._goes_on(one)]
            for part in self.parts.values():
                self._look_at(part)
            if not self.known:
                self.run.reporter.step("trials", total - len(self.parts), total)
            if again:
                self.executor.start(again)
            elif not ended:
                time.sleep(POLL)

    def _goes_on(self, ended: Ended) -> bool:
        """Return whether a call is to be made again; else its trial is over."""
        part = self.parts[ended.call]
        reason = self._failure(ended, part)
        if reason is None and ended.code != 0:
            return True
        del self.parts[ended.call]
        if reason is not None:
            if self.known:
                self.run.store.note_failure(part.trial.digest, reason)
            self.run.reporter.fail(part.trial, reason)
        elif (
            self.known
            and (result := self.run.store.find(part.trial.digest)) is not None
        ):
            self.run.reporter.finish(part.trial, result)
        return False

    def _failure(self, ended: Ended, part: _Part) -> str | None:
        """Return why a trial failed, None where it is done or goes on."""
        digest, log, store = part.trial.digest, ended.call.log, self.run.store
        if ended.code == 0:
            if not self.known or store.has(digest):
                return None
            return (
                f"its worker stored no {store.folder(digest)}: expected the same ngn, "
                f"plugins and data where it ran; see {log}"
            )
        if ended.code not in (None, UNFINISHED):
            told = store.failure(digest) if self.known else None
            return told or f"its worker ended with {ended.code}: {_last_line(log)}"
        mark = _mark(store.place(digest))
        part.tries = part.tries + 1 if mark == part.mark else 1
        part.mark = mark
        if part.tries < MOST:
            return None
        why = ended.reason or "its time was over"
        return f"{why}, {MOST} times without a new checkpoint; see {log}"

    def _look_at(self, part: _Part) -> None:
        """Tell the watch of epochs that are done since the last look."""
        if not self.known:
            return
        done = epochs_done(self.run.store.place(part.trial.digest))
        if done is None or done == part.epochs:
            return
        if part.epochs is None:
            self.run.reporter.begin(part.trial)
        part.epochs = done
        self.run.reporter.epoch(part.trial, done)


def _mark(place: Path) -> int | None:
    """Return the time stamp of a trial's newest checkpoint, None without one."""
    stamps = []
    for file in place.glob("work-*/*.ckpt"):
        with suppress(OSError):
            stamps.append(file.stat().st_mtime_ns)
    return max(stamps, default=None)


def _last_line(log: Path) -> str:
    """Return the last line that a worker wrote."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"no output in {log}"
    return next((line for line in reversed(lines) if line.strip()), f"nothing in {log}")
