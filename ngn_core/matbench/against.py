"""Submissions beside trials: scored on the folds and crystals that both have."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ngn_core.dataset.crystal_set import TargetColumn
from ngn_core.dataset.matbench import TASKS
from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result, Score
from ngn_core.experiment.scoring import scores_of
from ngn_core.matbench.external_task import ExternalTask
from ngn_core.matbench.submission import (
    Submission,
    SubmittedFold,
    required,
)
from ngn_core.matbench.tested_part import TestedPart
from ngn_core.plugin.registry import Registry

_LISTED = 5
_AGREES = 1e-3
"""How far a recorded score may be from the same score computed here, by its size."""

_NEED_PROBABILITIES = ("roc_auc", "average_precision", "brier")


def results_against(
    submission: Submission,
    task: str,
    parts: Sequence[TestedPart],
    table: ExternalTask,
    target: TargetColumn,
    registry: Registry,
) -> list[Result]:
    """Return a submission's results on the folds that were tested here.

    Args:
        submission: that has the task.
        task: of MatBench.
        parts: folds that were tested.
        table: that the results go into.
        target: how predictions are scored.
        registry: for the metrics.

    Raises:
        TrialError: where a fold's ids or targets are not the official ones.
    """
    folds = submission.folds(task)
    results = []
    for part in parts:
        fold = folds[part.fold]
        _check_within(submission, task, part, folds)
        predicted = [fold.predictions[name] for name in part.official]
        scores = scores_of(np.array(predicted), np.array(part.values), target, registry)
        if len(part.official) == len(fold.predictions):
            _check_recorded(submission, task, part.fold, fold, scores)
        if fold.labels:
            scores = _without_probabilities(scores)
        results.append(
            table.result(
                submission_name(submission),
                "submission",
                part.fold,
                TASKS[task].rows - len(fold.predictions),
                scores,
                list(zip(part.ids, part.values, predicted, strict=True)),
                part.facts,
            )
        )
    return results


def check_fits(submission: Submission, task: str, parts: Sequence[TestedPart]) -> None:
    """Check, before anything is trained, that a submission can stand beside trials.

    Args:
        submission: that has the task.
        task: of MatBench.
        parts: folds that will be tested.

    Raises:
        TrialError: where the submission is damaged, or its folds are others.
    """
    folds = submission.folds(task)
    for part in parts:
        _check_within(submission, task, part, folds)


def recorded_results(
    submission: Submission, task: str, table: ExternalTask
) -> list[Result]:
    """Return a submission's results as its file recorded their scores.

    Raises:
        TrialError: where a fold is not whole, or its score is not recorded.
    """
    folds, name = submission.folds(task), required(TASKS[task])
    for number, fold in enumerate(folds):
        if name not in fold.scores:
            raise TrialError(
                f"{submission.file}: {task}, fold {number}: no {name} is recorded, "
                "and no targets are here to compute it from"
            )
    return [
        table.result(
            submission_name(submission),
            "submission",
            number,
            TASKS[task].rows - len(fold.predictions),
            table.scores(fold.scores),
        )
        for number, fold in enumerate(folds)
    ]


def submission_name(submission: Submission) -> str:
    """Return how tables call it, told apart from what was trained here."""
    return f"{submission.name} (submission)"


def _check_within(
    submission: Submission,
    task: str,
    part: TestedPart,
    folds: Sequence[SubmittedFold],
) -> None:
    """Check that the crystals of a test part are of the submission's fold.

    Raises:
        TrialError: naming those that are not.
    """
    own = folds[part.fold].predictions
    outside = [name for name in part.official if name not in own]
    if not outside:
        return
    first = outside[0]
    place = next((i for i, fold in enumerate(folds) if first in fold.predictions), None)
    where = "in none of them" if place is None else f"in fold {place}"
    more = " ..." if len(outside) > _LISTED else ""
    raise TrialError(
        f"{submission.file}: {task}, fold {part.fold}: {len(outside)} of "
        f"{len(part.official)} crystals that were tested here are not in its fold: "
        f"{', '.join(outside[:_LISTED])}{more} ({first} is {where}); only trials on "
        "the official folds can stand beside a submission"
    )


def _check_recorded(
    submission: Submission,
    task: str,
    number: int,
    fold: SubmittedFold,
    scores: Sequence[Score],
) -> None:
    """Check that the recorded score is the one on the targets that are here.

    Raises:
        TrialError: where targets or predictions are not those that were scored.
    """
    name = required(TASKS[task])
    found = next((score.value for score in scores if score.name == name), None)
    recorded = fold.scores.get(name)
    if found is None or recorded is None:
        return
    if not math.isclose(found, recorded, rel_tol=_AGREES, abs_tol=_AGREES**2):
        raise TrialError(
            f"{submission.file}: {task}, fold {number}: its {name} is recorded as "
            f"{recorded:.6g}, and is {found:.6g} on the targets that are here; "
            "predictions or targets are not those that were scored"
        )


def _without_probabilities(scores: Sequence[Score]) -> tuple[Score, ...]:
    """Return NaN for scores that labels of classes do not have."""
    return tuple(
        replace(score, value=math.nan) if score.name in _NEED_PROBABILITIES else score
        for score in scores
    )


def columns_of(target: TargetColumn, registry: Registry) -> tuple[Score, ...]:
    """Return the scores of a table, of two crystals that nobody predicted."""
    values = np.array([0.0, 1.0])
    return scores_of(values, values, target, registry)
