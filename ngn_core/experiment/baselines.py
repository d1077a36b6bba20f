"""Fitting a baseline on the training part and asking it about the test part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import TrialError
from ngn_core.experiment.estimator import BaselineEstimator
from ngn_core.experiment.trial import Trial
from ngn_core.spec.baseline import Baseline


@dataclass(frozen=True)
class Fitted:
    """What a fitted baseline gave.

    Attributes:
        predictions: [test], in the target's unit, or probabilities.
        cost: seconds of fitting.
    """

    predictions: Tensor
    cost: dict[str, float | None]


def fit_baseline(trial: Trial) -> Fitted:
    """Return what a baseline's trial gives.

    Raises:
        TrialError: for predictions that are no numbers, or not one a crystal.
    """
    assert isinstance(trial.spec, Baseline)
    train, _, test = trial.parts
    values = trial.target.values
    estimator: BaselineEstimator = trial.spec.estimator.build(
        trial.target.task, trial.seed
    )
    start = time.perf_counter()
    estimator.fit(_of(trial, train), values[train].copy())
    seconds = time.perf_counter() - start
    found = np.asarray(estimator.predict(_of(trial, test)), dtype=np.float64)
    if found.shape != (len(test),) or not np.isfinite(found).all():
        raise TrialError(
            f"{trial.spec.estimator.name} predicted an array of shape "
            f"{list(found.shape)} with {int((~np.isfinite(found)).sum())} values that "
            f"are no numbers; expected {len(test)} numbers, one a crystal"
        )
    return Fitted(torch.from_numpy(found), {"train_seconds": seconds})


def _of(trial: Trial, places: np.ndarray) -> Sequence[Crystal]:
    return [trial.crystals.crystals[place] for place in places]
