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
    results: dict[str, Result] = {}
    for trial in trials:
        if fresh:
            store.forget(trial.digest)
        found = store.find(trial.digest)
        if found is not None:
            results[trial.digest] = found
    failures = []
    for trial in trials:
        if trial.digest in results:
            continue
        watch.begin(trial)
        try:
            result = _run(trial, prepared, store, registry, device, watch)
        except Exception as error:  # a plugin may raise anything; the others go on
            reason = _reason(error, store.begin(trial.digest))
            failures.append(Failure(trial, reason))
            watch.fail(trial, reason)
            continue
        results[trial.digest] = result
        watch.finish(trial, result)
    done = [results[trial.digest] for trial in trials if trial.digest in results]
    return done, failures


def _reason(error: Exception, folder: Path) -> str:
    """Return why a trial failed; what a user cannot mend is traced in its folder."""
    if isinstance(error, NGNError):
        return str(error)
    trace = folder / "error.txt"
    trace.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return f"{type(error).__name__}: {error} (traceback in {trace})"


def _run(
    trial: Trial,
    prepared: Prepared,
    store: Store,
    registry: Registry,
    device: torch.device,
    watch: Watch,
) -> Result:
    folder = store.begin(trial.digest)
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
    return result


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
        state=None
        if state is None
        else {"column": state.name, "labels": list(state.labels)},
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
