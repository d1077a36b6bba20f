"""Metrics against scikit-learn, and where they are not defined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics as truth

from ngn_plugins import training

METRICS = {metric.name: metric for metric in training.ngn_register_metrics()}

TRUTHS = {
    "roc_auc": lambda y, p: truth.roc_auc_score(y, p),
    "average_precision": lambda y, p: truth.average_precision_score(y, p),
    "balanced_accuracy": lambda y, p: truth.balanced_accuracy_score(y, p >= 0.5),
    "f1": lambda y, p: truth.f1_score(y, p >= 0.5),
    "brier": lambda y, p: truth.brier_score_loss(y, p),
    "prevalence": lambda y, p: y.mean(),
    "mae": lambda y, p: truth.mean_absolute_error(y, p),
    "rmse": lambda y, p: truth.root_mean_squared_error(y, p),
}


def score(name, prediction, target):
    metric = METRICS[name](METRICS[name].Options())
    return metric.score(np.asarray(prediction), np.asarray(target))


@pytest.mark.parametrize("name", TRUTHS)
@pytest.mark.parametrize("seed", range(3))
def test_every_metric_agrees_with_scikit_learn(name, seed):
    random = np.random.default_rng(seed)
    target = (random.uniform(size=60) < 0.3).astype(np.float64)
    # in steps of 0.05, so that there are ties, also at the threshold
    prediction = np.clip(random.normal(0.4 + 0.2 * target, 0.3), 0, 1)
    prediction = np.round(prediction * 20) / 20
    expected = TRUTHS[name](target, prediction)
    assert score(name, prediction, target) == pytest.approx(expected, abs=1e-6)


def test_every_metric_has_its_truth():
    assert set(TRUTHS) == set(METRICS)


def test_the_first_metric_of_a_task_decides():
    first = {}
    for name, metric in METRICS.items():
        first.setdefault(metric.task, name)
    assert first == {"regression": "mae", "binary": "roc_auc"}


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "balanced_accuracy"])
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_alone_has_no_score(name, label):
    assert math.isnan(score(name, [0.2, 0.7, 0.9], [label] * 3))


def test_certain_probabilities_are_no_logits():
    assert score("roc_auc", [0.0, 1.0, 1.0], [0.0, 1.0, 1.0]) == 1.0
    assert score("average_precision", [1.0, 0.0], [1.0, 0.0]) == 1.0
