"""Metrics."""

from __future__ import annotations

import math

import numpy as np

import ngn_core.api as ngn


class MAE(ngn.Metric):
    """Mean absolute error."""

    name = "mae"
    title = "MAE"
    task = "regression"
    better = "lower"
    unit = "target"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return the mean of |prediction - target|."""
        return float(np.abs(prediction - target).mean())


class RMSE(ngn.Metric):
    """Root mean squared error."""

    name = "rmse"
    title = "RMSE"
    task = "regression"
    better = "lower"
    unit = "target"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return the root of the mean of (prediction - target)^2."""
        return math.sqrt(np.square(prediction - target).mean())


class RocAuc(ngn.Metric):
    """Area under the receiver operating characteristic; NaN with one class alone."""

    name = "roc_auc"
    title = "ROC-AUC"
    task = "binary"
    better = "higher"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return the share of pairs of classes in the right order, halves for ties."""
        from scipy.stats import rankdata  # half a second of every command else

        if _one_class(target):
            return math.nan
        positive = target == 1
        count = positive.sum()
        below = rankdata(prediction)[positive].sum() - count * (count + 1) / 2
        return float(below / (count * (len(target) - count)))


class AveragePrecision(ngn.Metric):
    """Mean precision over the recall, by steps; that of chance is the prevalence."""

    name = "average_precision"
    title = "average precision"
    task = "binary"
    better = "higher"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return the average precision of probabilities; NaN with one class alone."""
        if _one_class(target):
            return math.nan
        order = np.argsort(-prediction, kind="stable")
        falls = np.diff(prediction[order], append=-np.inf) < 0  # ends of ties
        found = np.cumsum(target[order])[falls]
        precision = found / (np.flatnonzero(falls) + 1)
        steps = np.diff(found, prepend=0) / found[-1]
        return float((steps * precision).sum())


class BalancedAccuracy(ngn.Metric):
    """Mean of the shares of positives and of negatives found, at probability 0.5."""

    name = "balanced_accuracy"
    title = "balanced accuracy"
    task = "binary"
    better = "higher"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return (sensitivity + specificity) / 2; NaN with one class alone."""
        if _one_class(target):
            return math.nan
        guess, positive = prediction >= 0.5, target == 1
        return float((guess[positive].mean() + (~guess[~positive]).mean()) / 2)


class F1(ngn.Metric):
    """Harmonic mean of precision and recall, at probability 0.5."""

    name = "f1"
    title = "F1"
    task = "binary"
    better = "higher"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return 2 TP / (2 TP + FP + FN), 0 where nothing is positive."""
        guess, positive = prediction >= 0.5, target == 1
        either = guess.sum() + positive.sum()
        return float(2 * (guess & positive).sum() / either) if either else 0.0


class Brier(ngn.Metric):
    """Brier score: mean of (probability - target)^2."""

    name = "brier"
    title = "Brier"
    task = "binary"
    better = "lower"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return the mean squared error of the probabilities."""
        return float(np.square(prediction - target).mean())


class Prevalence(ngn.Metric):
    """Share of positives in the test part, whatever is predicted."""

    name = "prevalence"
    title = "prevalence"
    task = "binary"
    better = "neither"

    def score(self, prediction: np.ndarray, target: np.ndarray) -> float:
        """Return the mean of 0/1 targets."""
        return float(target.mean())


def _one_class(target: np.ndarray) -> bool:
    return bool(target.min() == target.max())
