"""Metrics."""

from __future__ import annotations

import math

from torch import Tensor
from torchmetrics import functional

import ngn_core.api as ngn


class MAE(ngn.Metric):
    """Mean absolute error."""

    name = "mae"
    title = "MAE"
    task = "regression"
    better = "lower"
    unit = "target"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return the mean of |prediction - target|."""
        return (prediction - target).abs().mean().item()


class RMSE(ngn.Metric):
    """Root mean squared error."""

    name = "rmse"
    title = "RMSE"
    task = "regression"
    better = "lower"
    unit = "target"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return the root of the mean of (prediction - target)^2."""
        return (prediction - target).square().mean().sqrt().item()


class RocAuc(ngn.Metric):
    """Area under the receiver operating characteristic; NaN with one class alone."""

    name = "roc_auc"
    title = "ROC-AUC"
    task = "binary"
    better = "higher"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return the area under the curve of probabilities against 0/1."""
        if target.min() == target.max():
            return math.nan
        return functional.classification.binary_auroc(prediction, target.long()).item()


class BalancedAccuracy(ngn.Metric):
    """Mean of the shares of positives and of negatives found, at probability 0.5."""

    name = "balanced_accuracy"
    title = "balanced accuracy"
    task = "binary"
    better = "higher"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return (sensitivity + specificity) / 2; NaN with one class alone."""
        if target.min() == target.max():
            return math.nan
        found = (prediction >= 0.5) == (target >= 0.5)
        shares = [found[target == label].double().mean().item() for label in (0, 1)]
        return sum(shares) / 2


class F1(ngn.Metric):
    """Harmonic mean of precision and recall, at probability 0.5."""

    name = "f1"
    title = "F1"
    task = "binary"
    better = "higher"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return 2 TP / (2 TP + FP + FN), 0 where nothing is positive."""
        return functional.classification.binary_f1_score(
            prediction, target.long()
        ).item()
