"""Running the trials of a target through an executor, and watching them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ngn_core.comparison.elsewhere import Elsewhere
from ngn_core.comparison.request import Request
from ngn_core.experiment.epoch_file import epochs_done
from ngn_core.experiment.lease import POLL
from ngn_core.experiment.plan import write_plan
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.shard import Shard
from ngn_core.experiment.store import PARTIAL, Store
from ngn_core.experiment.trial import Trial, make_trial
from ngn_core.experiment.watch import Watch
from ngn_core.plugin.executor import UNFINISHED, Call, Ended, Executor
from ngn_core.plugin.registry import Registry
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.spec import Spec

LOGS = "workers"
"""Where beside unfinished trials the output of their workers is."""

MOST = 3
"""How often in a row a call is made that gets no further."""


def run_elsewhere(
    elsewhere: Elsewhere,
    models: Sequence[Spec | Baseline],
    prepared: Prepared,
    request: Request,
    registry: Registry,
    watch: Watch,
) -> None:
    """Run all trials of a target that are not stored, each by a call of its own.

    Args:
        elsewhere: where.
        models: networks, then baselines, in the order of the shards.
        prepared: the crystals.
        request: where results go, and what is asked for.
        registry: for components.
        watch: is told of every step that is seen from here.

    Raises:
        ExecutorError: where no call can be made.
        Stopped: where the work was asked to end; the calls have ended, too.
    """
    trials = [
        make_trial(model, prepared.crystals, fold, seed, registry)
        for fold in range(prepared.crystals.n_folds)
        for model in models
        for seed in range(request.seeds)
    ]
    store = Store(request.out)
    known = request.protocol == "published"
    stored = {one for one in trials if known and store.has(one.digest)}
    if known:
        write_plan(store.runs, trials)
        watch.plan(len(trials), len(stored))
    if len(stored) == len(trials):
        return
    logs = (store.runs / PARTIAL / LOGS).absolute()
    logs.mkdir(parents=True, exist_ok=True)
    parts = {}
    for place, trial in enumerate(trials):
        if trial not in stored:
            store.forget_failure(trial.digest)
            share = Shard(place + 1, len(trials))
            parts[_call(elsewhere, trial, share, logs, request)] = _Part(trial, known)
    executor: Executor = elsewhere.executor.build()
    with request.stop.at_next_step():
        try:
            _Watched(executor, parts, store, watch).run(request)
        finally:
            executor.stop()


def _call(
    elsewhere: Elsewhere, trial: Trial, share: Shard, logs: Path, request: Request
) -> Call:
    target = trial.target.name
    return Call(
        f"{trial.spec.name} {target} fold {trial.fold} seed {trial.seed}",
        elsewhere.main,
        (*elsewhere.arguments, f"--target={target}", f"--shard={share}"),
        Path.cwd(),
        logs / f"{trial.digest[:16]}.log",
        request.device.type == "cuda",
    )


@dataclass
class _Part:
    """A trial that a call runs.

    Attributes:
        trial: which.
        known: whether its training, and so its digest, is known before it is run.
        tries: how often its call was made and got no further.
        mark: of the checkpoint that it goes on from.
        epochs: that are known to be done, None before the first.
    """

    trial: Trial
    known: bool
    tries: int = 0
    mark: int | None = None
    epochs: int | None = None


@dataclass
class _Watched:
    """The calls of a target, until all are over."""

    executor: Executor
    parts: dict[Call, _Part]
    store: Store
    watch: Watch

    def run(self, request: Request) -> None:
        """Make the calls, again if they are lost, until all trials are done or fail."""
        total = len(self.parts)
        self.executor.start(list(self.parts))
        while self.parts and request.stop.reason is None:
            ended = self.executor.ended()
            again = [one.call for one in ended if self._goes_on(one)]
            for part in self.parts.values():
                self._look_at(part)
            if request.protocol != "published":
                self.watch.step("trials", total - len(self.parts), total)
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
            if part.known:
                self.store.note_failure(part.trial.digest, reason)
            self.watch.fail(part.trial, reason)
        elif part.known and (result := self.store.find(part.trial.digest)) is not None:
            self.watch.finish(part.trial, result)
        return False

    def _failure(self, ended: Ended, part: _Part) -> str | None:
        """Return why a trial failed, None where it is done or goes on."""
        digest, log = part.trial.digest, ended.call.log
        if ended.code == 0:
            if not part.known or self.store.has(digest):
                return None
            return (
                f"its worker stored no {self.store.folder(digest)}: expected the same "
                f"ngn, plugins and data where it ran; see {log}"
            )
        if ended.code not in (None, UNFINISHED):
            told = self.store.failure(digest) if part.known else None
            return told or f"its worker ended with {ended.code}: {_last_line(log)}"
        mark = _mark(self.store.place(digest))
        part.tries = part.tries + 1 if mark == part.mark else 1
        part.mark = mark
        if part.tries < MOST:
            return None
        why = ended.reason or "its time was over"
        return f"{why}, {MOST} times without a new checkpoint; see {log}"

    def _look_at(self, part: _Part) -> None:
        """Tell the watch of epochs that are done since the last look."""
        if not part.known:
            return
        done = epochs_done(self.store.place(part.trial.digest))
        if done is None or done == part.epochs:
            return
        if part.epochs is None:
            self.watch.begin(part.trial)
        part.epochs = done
        self.watch.epoch(part.trial, done)


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
