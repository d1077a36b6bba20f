"""The trials of a comparison, fold by fold, as long as there is time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from ngn_core.comparison.collected import collect_all
from ngn_core.comparison.folds import Fold
from ngn_core.comparison.request import Request
from ngn_core.experiment.plan import write_plan
from ngn_core.experiment.result import Result
from ngn_core.experiment.run import Desk, Failure, run_all
from ngn_core.experiment.store import Store
from ngn_core.experiment.watch import Watch
from ngn_core.plugin.registry import Registry


def run_rounds(
    n_folds: int,
    trials_of: Callable[[int], Fold],
    request: Request,
    registry: Registry,
    watch: Watch,
    ends: float,
) -> tuple[list[Result], list[Failure], int]:
    """Run the trials of every fold, whole folds only where the time ends.

    Args:
        n_folds: how many there are.
        trials_of: a fold's trials; called when all folds before are done.
        request: where results are and go.
        registry: for the metrics.
        watch: is told of every step.
        ends: when, on the monotonic clock.

    Returns:
        The results, the failures, and how many folds were done.
    """
    desk = Desk(
        Store(request.out),
        registry,
        request.device,
        watch,
        request.fresh,
        stop=request.stop,
        log=request.log,
        devices=request.devices,
    )
    results: list[Result] = []
    failures: list[Failure] = []
    begun = time.monotonic()
    published = request.protocol == "published"  # then all trials are known at once
    rounds = [trials_of(fold) for fold in range(n_folds)] if published else []
    if published:
        _plan(rounds, desk)
    if published and math.isinf(ends):  # what another call is at comes last of all
        rounds, n_rounds = [_together(rounds)], 1
    else:
        n_rounds = n_folds
    for done in range(n_rounds):
        now = time.monotonic()
        if done and now + (now - begun) / done > ends:
            return results, failures, done
        fold = rounds[done] if published else trials_of(done)
        if not published:
            _plan([fold], desk)
        failures += fold.failures
        if request.elsewhere is None:
            found, failed = run_all(fold.trials, desk)
        else:
            found, failed = collect_all([trial for trial, _ in fold.trials], desk.store)
        results += found
        failures += failed
    return results, failures, n_folds


def _together(rounds: list[Fold]) -> Fold:
    """Return the trials of all folds."""
    return Fold(
        [one for fold in rounds for one in fold.trials],
        [one for fold in rounds for one in fold.failures],
    )


def _plan(rounds: list[Fold], desk: Desk) -> None:
    """Tell the watch how many trials there are, and how many are stored."""
    trials = [trial for fold in rounds for trial, _ in fold.trials]
    write_plan(desk.store.runs, trials)
    stored = 0 if desk.fresh else sum(desk.store.has(one.digest) for one in trials)
    desk.watch.plan(len(trials), stored)
