"""The trials of a comparison, fold by fold, as long as there is time."""

from __future__ import annotations

import math
import time

from ngn_core.comparison.collect_result import collect_all
from ngn_core.comparison.folds import Fold, Grid
from ngn_core.experiment.plan import write_plan
from ngn_core.experiment.result import Result
from ngn_core.experiment.run import Failure, run_all
from ngn_core.experiment.run_context import Run


def run_folds(
    grid: Grid, ends: float = math.inf
) -> tuple[list[Result], list[Failure], int]:
    """Run the trials of every fold, whole folds only where the time ends.

    A choice in a fold is made when all folds before are done.

    Args:
        grid: the trials.
        ends: when, on the monotonic clock.

    Returns:
        The results, the failures, and how many folds were done.
    """
    run, n_folds = grid.run, grid.n_folds
    results: list[Result] = []
    failures: list[Failure] = []
    begun = time.monotonic()
    known = not grid.request.protocol.chooses  # then all trials are, at once
    rounds = [grid.fold(fold) for fold in range(n_folds)] if known else []
    if known:
        _plan(rounds, run)
    if known and math.isinf(ends):  # what another call is at comes last of all
        rounds, n_rounds = [_together(rounds)], 1
    else:
        n_rounds = n_folds
    for done in range(n_rounds):
        now = time.monotonic()
        if done and now + (now - begun) / done > ends:
            return results, failures, done
        fold = rounds[done] if known else grid.fold(done)
        if not known:
            _plan([fold], run)
        failures += fold.failures
        if run.collects:
            found, failed = collect_all([trial for trial, _ in fold.trials], run.store)
        else:
            found, failed = run_all(fold.trials, run)
        results += found
        failures += failed
    return results, failures, n_folds


def _together(rounds: list[Fold]) -> Fold:
    """Return the trials of all folds."""
    return Fold(
        [one for fold in rounds for one in fold.trials],
        [one for fold in rounds for one in fold.failures],
    )


def _plan(rounds: list[Fold], run: Run) -> None:
    """Tell the watch how many trials there are, and how many are stored."""
    trials = [trial for fold in rounds for trial, _ in fold.trials]
    write_plan(run.store.runs, trials)
    stored = 0 if run.fresh else sum(run.store.has(one.digest) for one in trials)
    run.reporter.plan(len(trials), stored)
