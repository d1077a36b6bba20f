"""The trials of a comparison, fold by fold, as long as there is time."""

from __future__ import annotations

import time
from collections.abc import Callable

from ngn_core.compare.folds import Fold
from ngn_core.compare.request import Request
from ngn_core.compare.result import Result
from ngn_core.compare.run import Failure, run_trials
from ngn_core.compare.store import Store
from ngn_core.compare.watch import Watch
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
    store = Store(request.out)
    results: list[Result] = []
    failures: list[Failure] = []
    begun = time.monotonic()
    published = request.protocol == "published"  # then all trials are known at once
    rounds = [trials_of(fold) for fold in range(n_folds)] if published else []
    if published:
        _plan(rounds, store, request.fresh, watch)
    for done in range(n_folds):
        now = time.monotonic()
        if done and now + (now - begun) / done > ends:
            return results, failures, done
        fold = rounds[done] if published else trials_of(done)
        if not published:
            _plan([fold], store, request.fresh, watch)
        failures += fold.failures
        for trial, prepared in fold.trials:
            found, failed = run_trials(
                [trial],
                prepared,
                store,
                registry,
                request.device,
                watch,
                request.fresh,
            )
            results += found
            failures += failed
    return results, failures, n_folds


def _plan(rounds: list[Fold], store: Store, fresh: bool, watch: Watch) -> None:
    """Tell the watch how many trials there are, and how many are stored."""
    trials = [trial for fold in rounds for trial, _ in fold.trials]
    stored = 0 if fresh else sum(store.has(trial.digest) for trial in trials)
    watch.plan(len(trials), stored)
