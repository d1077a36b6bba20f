"""Metrics."""

from __future__ import annotations

import math

from torch import Tensor
from torchmetrics import functional
from torchmetrics.functional import classification

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
        if _one_class(target):
            return math.nan
        return classification.binary_auroc(prediction, target.long()).item()


class AveragePrecision(ngn.Metric):
    """Mean precision over the recall, by steps; that of chance is the prevalence."""

    name = "average_precision"
    title = "average precision"
    task = "binary"
    better = "higher"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return the average precision of probabilities; NaN with one class alone."""
        if _one_class(target):
            return math.nan
        labels = target.long()
        return classification.binary_average_precision(prediction, labels).item()


class BalancedAccuracy(ngn.Metric):
    """Mean of the shares of positives and of negatives found, at probability 0.5."""

    name = "balanced_accuracy"
    title = "balanced accuracy"
    task = "binary"
    better = "higher"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return (sensitivity + specificity) / 2; NaN with one class alone."""
        if _one_class(target):
            return math.nan
        guesses = (prediction >= 0.5).long()
        return classification.multiclass_accuracy(
            guesses, target.long(), num_classes=2, average="macro"
        ).item()


class F1(ngn.Metric):
    """Harmonic mean of precision and recall, at probability 0.5."""

    name = "f1"
    title = "F1"
    task = "binary"
    better = "higher"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return 2 TP / (2 TP + FP + FN), 0 where nothing is positive."""
        guesses = (prediction >= 0.5).long()
        return classification.binary_f1_score(guesses, target.long()).item()


class Brier(ngn.Metric):
    """Brier score: mean of (probability - target)^2."""

    name = "brier"
    title = "Brier"
    task = "binary"
    better = "lower"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return the mean squared error of the probabilities."""
        return functional.mean_squared_error(prediction, target).item()


class Prevalence(ngn.Metric):
    """Share of positives in the test part, whatever is predicted."""

    name = "prevalence"
    title = "prevalence"
    task = "binary"
    better = "neither"

    def score(self, prediction: Tensor, target: Tensor) -> float:
        """Return the mean of 0/1 targets."""
        return target.mean().item()


def _one_class(target: Tensor) -> bool:
    return bool(target.min() == target.max())
