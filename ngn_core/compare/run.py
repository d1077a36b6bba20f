"""Running the trials of a comparison that are not in the store yet."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from ngn_core.compare.environment import environment
from ngn_core.compare.prepare import Prepared
from ngn_core.compare.result import (
    CURVE,
    PREDICTIONS,
    RESULT,
    SPEC,
    WEIGHTS,
    Result,
    Score,
    write_result,
)
from ngn_core.compare.store import Store
from ngn_core.compare.trial import Trial
from ngn_core.compare.watch import Watch
from ngn_core.errors import NGNError
from ngn_core.plugin.levels import LEVELS
from ngn_core.plugin.registry import Registry
from ngn_core.spec.plain_yaml import write_yaml
from ngn_core.training.trial import Outcome, TrialData, train_trial
from ngn_core.training.weights import write_weights


@dataclass(frozen=True)
class Failure:
    """A trial that failed, and why."""

    trial: Trial
    reason: str


def run_trials(
    trials: Sequence[Trial],
    prepared: Prepared,
    store: Store,
    registry: Registry,
    device: torch.device,
    watch: Watch,
    fresh: bool = False,
) -> tuple[list[Result], list[Failure]]:
    """Return the results of all trials; those in the store are not computed again.

    Args:
        trials: of one dataset and target.
        prepared: its graphs.
        store: where results are and go.
        registry: for the metrics.
        device: where to train.
        watch: is told of every step.
        fresh: whether stored results are computed again.
    """
    results, failures = [], []
    for trial in trials:
        try:
            result = None if fresh else store.find(trial.digest)
            if result is None:
                with store.claim(trial.digest) as folder:
                    result = _claimed(
                        trial, prepared, store, folder, registry, device, watch, fresh
                    )
        except Exception as error:  # a plugin may raise anything; the others go on
            failures.append(Failure(trial, _reason(error, trial, store)))
            watch.fail(trial, failures[-1].reason)
            continue
        results.append(result)
    return results, failures


def _claimed(
    trial: Trial,
    prepared: Prepared,
    store: Store,
    folder: Path,
    registry: Registry,
    device: torch.device,
    watch: Watch,
    fresh: bool,
) -> Result:
    """Return the result, of another process if it was faster, or train."""
    found = store.find(trial.digest)
    if found is not None and not fresh:
        return found
    if fresh:
        store.forget(trial.digest)
        folder.mkdir()
    watch.begin(trial)
    train, validation, test = (torch.from_numpy(part) for part in trial.parts)
    data = TrialData(
        prepared.graphs[trial.spec.name],
        torch.tensor(trial.target.values),
        trial.target.task,
        train,
        validation,
        test,
    )
    outcome = train_trial(
        trial.spec,
        data,
        trial.seed,
        device,
        folder,
        lambda done: watch.epoch(trial, done),
    )
    result = _result(trial, prepared, outcome, data, registry, device)
    _write(trial, outcome, result, folder)
    store.finish(trial.digest)
    watch.finish(trial, result)
    return result


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
    prepared: Prepared,
    outcome: Outcome,
    data: TrialData,
    registry: Registry,
    device: torch.device,
) -> Result:
    targets = data.targets[data.test]
    scores = []
    for component in registry.components("metric"):
        if component.task != trial.target.task:  # type: ignore[attr-defined]
            continue
        metric = component(component.Options())  # type: ignore[attr-defined]
        unit = trial.target.unit if metric.unit == "target" else metric.unit
        value = metric.score(outcome.predictions, targets)
        scores.append(Score(metric.name, metric.title, value, unit, metric.better))
    ids = [prepared.crystals.ids[place] for place in data.test.tolist()]
    sizes = zip(LEVELS, data.graphs.sizes(), strict=False)
    state = prepared.crystals.state
    return Result(
        digest=trial.digest,
        model=trial.model,
        spec=trial.spec.name,
        dataset=trial.crystals.name,
        dataset_digest=trial.crystals.digest,
        target=trial.target.name,
        unit=trial.target.unit,
        task=trial.target.task,
        fold=trial.fold,
        n_folds=trial.crystals.n_folds,
        seed=trial.seed,
        epochs=len(outcome.curve),
        train_size=len(data.train),
        scores=tuple(scores),
        cost=outcome.cost,
        graph={
            **dict(sizes),
            "build_seconds": prepared.seconds[trial.spec.name],
        },
        state={"column": state.name, "labels": list(state.labels)}
        if state is not None and "state" in trial.spec.network.embed
        else None,
        scaling={
            "task": outcome.scaling.task,
            "mean": outcome.scaling.mean,
            "std": outcome.scaling.std,
        },
        environment=environment(device),
        predictions=tuple(
            zip(ids, targets.tolist(), outcome.predictions.tolist(), strict=True)
        ),
        curve=tuple(outcome.curve),
    )


def _write(trial: Trial, outcome: Outcome, result: Result, folder: Path) -> None:
    """Write everything a finished trial keeps; the checkpoint goes."""
    (folder / SPEC).write_text(write_yaml(trial.spec.resolved()), encoding="utf-8")
    write_weights(outcome.network.state_dict(), folder / WEIGHTS)
    write_result(result, folder)
    kept = {SPEC, WEIGHTS, PREDICTIONS, CURVE, RESULT}
    for leftover in folder.iterdir():
        if leftover.name not in kept:
            leftover.unlink()
