"""The training part of a fold, parted once more: all that a choice may see."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from ngn_core.comparison.collect_result import collect_result
from ngn_core.dataset.crystal_set import take
from ngn_core.dataset.roles import INNER, TRAIN
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.reporter import Reporter
from ngn_core.experiment.result import Result
from ngn_core.experiment.run import Failure, run_all
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.store import Store
from ngn_core.experiment.trial import Trial, make_trial
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec

FOLDER = "inner"
"""Where in the folder of results the trials inside of folds are."""

SHARE = 0.1
"""Of a fold's training part, kept as inner rows where the spec keeps none."""


def score_inside(
    spec: Spec, prepared: Prepared, fold: int, label: str, run: Run
) -> Result | Failure:
    """Return what a spec gives on the inner rows of a fold.

    It is trained on the training rows that a trial with seed 0 has, keeps the weights
    that are best on that trial's validation rows, and is scored on these: the inner
    rows. The fold's test rows are not among the crystals.

    Args:
        spec: with a validation part.
        prepared: the whole dataset, with the graphs of the spec.
        fold: whose training part is parted.
        label: what of the spec is tried, for who watches.
        run: what it is run with; its results go into a folder inside of its store.

    Raises:
        TrialError: where a worker should have run it and did not.
    """
    inner = inner_part(spec, prepared, fold, run.registry)
    trial = make_trial(replace(spec, point=None), inner.crystals, 0, 0, run.registry)
    store = Store(run.store.runs / FOLDER)
    if run.collects:
        return collect_result(trial, store)
    title = f"{spec.name} inside of fold {fold}, {label}"
    inside = replace(run, store=store, reporter=_Inside(run.reporter, title), log=None)
    results, failures = run_all([(trial, inner)], inside)
    return results[0] if results else failures[0]


def required(result: Result) -> float | None:
    """Return the score that decides, turned so that lower is better; None for NaN."""
    score = result.scores[0]
    if math.isnan(score.value):
        return None
    return score.value if score.better == "lower" else -score.value


@dataclass(frozen=True)
class _Inside:
    """Says what a trial inside of a fold gave; it is none of the trials planned."""

    reporter: Reporter
    title: str

    def note(self, sentence: str) -> None:
        self.reporter.note(sentence)

    def graphs(self, spec: str, done: int, total: int) -> None:
        self.reporter.graphs(spec, done, total)

    def step(self, name: str, done: int, total: int) -> None:
        self.reporter.step(name, done, total)

    def plan(self, trials: int, stored: int) -> None:
        pass

    def begin(self, trial: Trial) -> None:
        pass

    def epoch(self, trial: Trial, done: int) -> None:
        self.reporter.step(self.title, done, trial.epochs)

    def finish(self, trial: Trial, result: Result) -> None:
        score = result.scores[0]
        unit = f" {score.unit}" if score.unit else ""
        self.reporter.note(f"{self.title}: {score.title} {score.value:.4g}{unit}")

    def fail(self, trial: Trial, reason: str) -> None:
        self.reporter.note(f"{self.title}: failed: {reason}")


def inner_part(
    spec: Spec, prepared: Prepared, fold: int, registry: Registry
) -> Prepared:
    """Return the training and validation rows of a fold as a dataset of one fold.

    What is validated on in the fold is validated and scored on.
    """
    train, validation, _ = make_trial(spec, prepared.crystals, fold, 0, registry).parts
    places = np.sort(np.concatenate([train, validation]))
    crystals = take(prepared.crystals, places.tolist())
    kept = np.isin(places, validation)
    crystals = replace(
        crystals,
        fold=np.where(kept, 0, -1),
        n_folds=1,
        fold_source=f"inside of fold {fold}",
        roles=np.where(kept, INNER, TRAIN).astype(np.int8)[None],
    )
    graphs = prepared.graphs[spec.name].take(torch.from_numpy(places))
    return Prepared(
        crystals,
        {spec.name: graphs},
        {spec.name: prepared.facts[spec.name]},
        {spec.name: prepared.seconds[spec.name]},
    )
