"""The scores that MatBench records of a fold, under the names it gives them."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

_SMALL = 1e-5
"""Targets up to this size are no part of the mean absolute percentage error."""

_THRESHOLD = 0.5


def matbench_scores(
    targets: Sequence[float], predictions: Sequence[float], *, binary: bool
) -> dict[str, float]:
    """Return what the package matbench 0.6 computes.

    Of a binary task, every score is of labels, positive above a probability of 0.5:
    what it calls `rocauc` is the balanced accuracy.

    Args:
        targets: [n], in the target's unit, or 0 and 1.
        predictions: [n], likewise, or probabilities.
        binary: whether these are classes.
    """
    from sklearn import metrics

    true, said = np.asarray(targets), np.asarray(predictions)
    if not binary:
        large = np.abs(true) > _SMALL
        error = metrics.mean_squared_error(true, said)
        return {
            "mae": float(metrics.mean_absolute_error(true, said)),
            "rmse": sqrt(error),
            "mape": float(np.mean(np.abs((true - said)[large] / true[large]))),
            "max_error": float(metrics.max_error(true, said)),
        }
    classes, labels = true > _THRESHOLD, said > _THRESHOLD
    return {
        "accuracy": float(metrics.accuracy_score(classes, labels)),
        "balanced_accuracy": float(metrics.balanced_accuracy_score(classes, labels)),
        "f1": float(metrics.f1_score(classes, labels)),
        "rocauc": float(metrics.roc_auc_score(classes, labels)),
    }
