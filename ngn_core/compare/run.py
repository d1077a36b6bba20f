"""Running the trials of a comparison that are not in the store yet."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from ngn_core.compare.baselines import fit_baseline
from ngn_core.compare.environment import environment
from ngn_core.compare.prepare import Prepared
from ngn_core.compare.result import (
    CURVE,
    PREDICTIONS,
    RESULT,
    SPEC,
    WEIGHTS,
    Result,
    write_result,
)
from ngn_core.compare.scoring import scores_of
from ngn_core.compare.store import Store
from ngn_core.compare.trial import Trial
from ngn_core.compare.watch import Watch
from ngn_core.data.crystal_set import CrystalSet
from ngn_core.errors import NGNError
from ngn_core.plugin.levels import LEVELS
from ngn_core.plugin.registry import Registry
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.plain_yaml import write_yaml
from ngn_core.spec.spec import Spec
from ngn_core.training.trial import Outcome, train_trial
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
    if isinstance(trial.spec, Baseline):
        fitted = fit_baseline(trial)
        result = _result(trial, registry, device, fitted.predictions, cost=fitted.cost)
        _write(trial, None, result, folder)
    else:
        outcome, graph = _trained(trial, trial.spec, prepared, folder, device, watch)
        result = _result(
            trial,
            registry,
            device,
            outcome.predictions,
            cost=outcome.cost,
            graph=graph,
            curve=tuple(outcome.curve),
            epochs=len(outcome.curve),
            scaling=outcome.scaling.plain(),
            state=_state(trial.spec, trial.crystals),
        )
        _write(trial, outcome.network, result, folder)
    store.finish(trial.digest)
    watch.finish(trial, result)
    return result


def _trained(
    trial: Trial,
    spec: Spec,
    prepared: Prepared,
    folder: Path,
    device: torch.device,
    watch: Watch,
) -> tuple[Outcome, dict[str, float]]:
    """Return what training gave, and the mean sizes of the graphs."""
    train, validation, test = (torch.from_numpy(part) for part in trial.parts)
    data = prepared.trial_data(spec.name, train, validation, test)
    outcome = train_trial(
        spec, data, trial.seed, device, folder, lambda done: watch.epoch(trial, done)
    )
    sizes = zip(LEVELS, data.graphs.sizes(), strict=False)
    return outcome, {**dict(sizes), "build_seconds": prepared.seconds[spec.name]}


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
    registry: Registry,
    device: torch.device,
    predictions: Tensor,
    *,
    cost: Mapping[str, float | None],
    graph: Mapping[str, float] = MappingProxyType({}),
    curve: tuple[Mapping[str, Any], ...] = (),
    epochs: int = 0,
    scaling: Mapping[str, Any] = MappingProxyType({}),
    state: Mapping[str, Any] | None = None,
) -> Result:
    train, _, test = trial.parts
    targets = torch.tensor(trial.target.values[test])
    ids = [trial.crystals.ids[place] for place in test]
    held_out = trial.crystals.held_out
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
        epochs=epochs,
        train_size=len(train),
        scores=scores_of(predictions, targets, trial.target, registry),
        cost=cost,
        graph=dict(graph),
        state=state,
        scaling=dict(scaling),
        environment=environment(device),
        predictions=tuple(
            zip(ids, targets.tolist(), predictions.tolist(), strict=True)
        ),
        curve=curve,
        held_out=None if held_out is None else held_out.digest,
    )


def _write(
    trial: Trial, network: nn.Module | None, result: Result, folder: Path
) -> None:
    """Write everything a finished trial keeps; the checkpoint goes."""
    (folder / SPEC).write_text(write_yaml(trial.spec.resolved()), encoding="utf-8")
    if network is not None:
        write_weights(network.state_dict(), folder / WEIGHTS)
    write_result(result, folder)
    kept = {SPEC, WEIGHTS, PREDICTIONS, CURVE, RESULT}
    for leftover in folder.iterdir():
        if leftover.name not in kept:
            leftover.unlink()
