"""Running the trials of a comparison that are not in the store yet."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.errors import DamagedError, NGNError
from ngn_core.experiment.baselines import fit_baseline
from ngn_core.experiment.environment import environment
from ngn_core.experiment.epoch_file import EpochFile
from ngn_core.experiment.lease import POLL
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.result import (
    CURVE,
    PREDICTIONS,
    RESULT,
    SPEC,
    WEIGHTS,
    Result,
    write_result,
)
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.scoring import scores_of
from ngn_core.experiment.store import Store, TrialLock
from ngn_core.experiment.training_crystals import SEEN, write_training_crystals
from ngn_core.experiment.training_record import training_record
from ngn_core.experiment.trial import Trial
from ngn_core.experiment.work_queue import take_in_turn
from ngn_core.plugin.levels import LEVELS
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.plain_yaml import write_yaml
from ngn_core.spec.spec import Spec
from ngn_core.training.job import TrainingCallbacks, TrainingJob, TrainingResult
from ngn_core.training.logs import EVENTS
from ngn_core.training.trial import train_trial
from ngn_core.training.weights import write_weights


@dataclass(frozen=True)
class Failure:
    """A trial that failed, and why."""

    trial: Trial
    reason: str


def run_all(
    work: Sequence[tuple[Trial, Prepared]], run: Run
) -> tuple[list[Result], list[Failure]]:
    """Return the results of all trials; those in the store are not computed again.

    A trial that another process is at comes last; it is taken over if that one dies.

    Args:
        work: trials of one dataset and target, with their graphs.
        run: what they are run with.

    Raises:
        Stopped: where the work was asked to end.
    """
    elsewhere: set[Trial] = set()

    def attempt(trial: Trial, prepared: Prepared) -> Result | Failure | None:
        try:
            found = _attempt(trial, prepared, run)
        except Exception as error:  # a plugin may raise anything; the others go on
            reason = _reason(error, trial, run.store)
            run.store.note_failure(trial.digest, reason)
            run.reporter.fail(trial, reason)
            return Failure(trial, reason)
        except BaseException as stopped:
            reason = str(stopped) or type(stopped).__name__
            run.store.note(trial.digest, f"stopped: {reason}")
            raise
        if found is None:
            elsewhere.add(trial)
        elif trial in elsewhere:
            run.reporter.finish(trial, found)
        return found

    told: set[int] = set()

    def wait(left: list[int]) -> None:
        if not told.issuperset(left):
            told.update(left)
            run.reporter.note(_waiting([work[place][0] for place in left], run.store))
        time.sleep(POLL)

    found = take_in_turn([partial(attempt, *one) for one in work], wait)
    results = [one for one in found if isinstance(one, Result)]
    return results, [one for one in found if isinstance(one, Failure)]


def _waiting(trials: Sequence[Trial], store: Store) -> str:
    """Return who is waited for, in words."""
    owners = {str(store.owner(trial.digest)) for trial in trials}
    number = f"{len(trials)} trial{'s' * (len(trials) > 1)}"
    return f"waiting for {number} of other processes: {', '.join(sorted(owners))}"


def _attempt(trial: Trial, prepared: Prepared, run: Run) -> Result | None:
    """Return a trial's result, stored or new; None while another process is at it."""
    store = run.store
    with suppress(DamagedError):  # computed again by who claims it
        found = None if run.fresh else store.find(trial.digest)
        if found is not None:
            return found
    lock = store.try_lock(trial.digest)
    if lock is None:
        return None
    try:
        with run.stop.at_next_step():
            return _claimed(trial, prepared, run, lock)
    finally:
        lock.lease.release()


def _claimed(trial: Trial, prepared: Prepared, run: Run, lock: TrialLock) -> Result:
    """Return the result, of another process if it was faster, or train."""
    store, reporter = run.store, run.reporter
    if run.fresh:
        store.start_over(trial.digest, lock)
    else:
        found = _found_whole(trial, run)
        if found is not None:
            store.discard(lock)
            return found
    reporter.begin(trial)
    folder = lock.working
    if isinstance(trial.spec, Baseline):
        fitted = fit_baseline(trial)
        result = _result(trial, run, fitted.predictions, cost=fitted.cost)
        _write(trial, None, result, folder)
    else:
        trained, graph = _trained(trial, trial.spec, prepared, run, lock)
        result = _result(
            trial,
            run,
            trained.predictions,
            cost=trained.cost,
            graph=graph,
            curve=tuple(trained.curve),
            epochs=len(trained.curve),
            scaling=trained.scaling.plain(),
            state=_state(trial.spec, trial.crystals),
            rounded=trained.rounded,
        )
        _write(trial, trained.network, result, folder)
    store.finish(trial.digest, lock)
    reporter.finish(trial, result)
    return result


def _found_whole(trial: Trial, run: Run) -> Result | None:
    """Return the result of a claimed trial; a damaged one is put aside, and said so."""
    try:
        return run.store.find(trial.digest)
    except DamagedError as error:
        aside = run.store.set_aside(trial.digest)
        run.reporter.note(f"{error}: now, and what is left of it is in {aside}")
        return None


def _trained(
    trial: Trial,
    spec: Spec,
    prepared: Prepared,
    run: Run,
    lock: TrialLock,
) -> tuple[TrainingResult, dict[str, float]]:
    """Return what training gave, and the mean sizes of the graphs."""

    def stop() -> str | None:
        lock.check(now=False)
        return run.stop.reason

    epochs = EpochFile(run.store.place(trial.digest))

    def tell(done: int) -> None:
        epochs.write(done)
        run.reporter.epoch(trial, done)

    train, validation, test = (torch.from_numpy(part) for part in trial.parts)
    data = prepared.trial_data(spec.name, train, validation, test)
    job = TrainingJob(spec, data, trial.seed, lock.working, log=run.log)
    callbacks = TrainingCallbacks(tell, run.pruner, stop, run.reporter.note)
    trained = train_trial(job, run.device, callbacks, run.devices)
    sizes = zip(LEVELS, data.graphs.sizes(), strict=False)
    return trained, {**dict(sizes), "build_seconds": prepared.seconds[spec.name]}


def _state(spec: Spec, crystals: CrystalSet) -> dict[str, Any] | None:
    """Return what a spec's global state was read from."""
    state = crystals.state
    if state is None or "state" not in spec.network.embed:
        return None
    return {"column": state.name, "labels": list(state.labels)}


def _reason(error: Exception, trial: Trial, store: Store) -> str:
    """Return why a trial failed; what a user cannot mend is traced beside it."""
    if isinstance(error, NGNError):
        return str(error)
    if isinstance(error, OSError):
        return f"cannot read or write in {store.runs}: {error}"
    reason = f"{type(error).__name__}: {error}"
    trace = store.trace(trial.digest)
    try:
        trace.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return reason
    return f"{reason} (traceback in {trace})"


def _result(
    trial: Trial,
    run: Run,
    predictions: Tensor,
    *,
    cost: Mapping[str, float | None],
    graph: Mapping[str, float] = MappingProxyType({}),
    curve: tuple[Mapping[str, Any], ...] = (),
    epochs: int = 0,
    scaling: Mapping[str, Any] = MappingProxyType({}),
    state: Mapping[str, Any] | None = None,
    rounded: bool = False,
) -> Result:
    train, validation, test = trial.parts
    targets = torch.tensor(trial.target.values[test])
    ids = [trial.crystals.ids[place] for place in test]
    held_out = trial.crystals.held_out
    devices = run.devices if isinstance(trial.spec, Spec) else 1
    return Result(
        digest=trial.digest,
        model=trial.model,
        spec=trial.spec.name,
        dataset=trial.crystals.called,
        dataset_digest=trial.crystals.digest,
        target=trial.target.name,
        unit=trial.target.unit,
        task=trial.target.task,
        fold=trial.fold,
        n_folds=trial.crystals.n_folds,
        seed=trial.seed,
        epochs=epochs,
        train_size=len(train),
        scores=scores_of(
            predictions.numpy(), targets.numpy(), trial.target, run.registry
        ),
        cost=cost,
        graph=dict(graph),
        state=state,
        scaling=dict(scaling),
        environment=environment(run.device, devices),
        predictions=tuple(
            zip(ids, targets.tolist(), predictions.tolist(), strict=True)
        ),
        curve=curve,
        held_out=None if held_out is None else held_out.digest,
        point=trial.spec.point,
        validation_size=len(validation),
        written=write_yaml(trial.spec.resolved()),
        training=training_record(trial, rounded),
    )


def _write(
    trial: Trial, network: nn.Module | None, result: Result, folder: Path
) -> None:
    """Write everything a finished trial keeps; the checkpoint goes."""
    if network is not None:
        write_weights(network.state_dict(), folder / WEIGHTS)
        write_training_crystals(trial.crystals, trial.parts[:2], folder)
    write_result(result, folder)
    kept = {SPEC, WEIGHTS, SEEN, PREDICTIONS, CURVE, RESULT}
    for leftover in folder.iterdir():
        if leftover.name not in kept and not leftover.name.startswith(EVENTS):
            leftover.unlink()
