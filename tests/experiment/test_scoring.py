"""Scores in the declared unit, and in the transformed one beside."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from ngn_core.dataset.dataset import Target
from ngn_core.experiment.scoring import scores_of


@pytest.fixture
def score(alloys, registry):
    def call(predictions, values, unit, declared, task="regression"):
        target = replace(alloys.target, unit=unit, task=task, declared=declared)
        return scores_of(np.array(predictions), np.array(values), target, registry)

    return call


def test_a_transformed_target_is_scored_in_both_units(score):
    scores = score([10.0, 100.0], [1.0, 100.0], "GPa", Target(transform="log10"))
    found = [(one.name, one.unit, one.value) for one in scores]
    assert found == [
        ("mae", "GPa", 4.5),
        ("rmse", "GPa", pytest.approx(9 / math.sqrt(2))),
        ("mae_log10", "dex", 0.5),
        ("rmse_log10", "dex", pytest.approx(1 / math.sqrt(2))),
    ]


@pytest.mark.parametrize(
    ("transform", "of"), [("log1p", math.log1p), ("asinh", math.asinh)]
)
def test_other_transforms_name_themselves(score, transform, of):
    scores = score([3.0], [1.0], "K", Target(transform=transform))
    assert scores[2].unit == transform
    assert scores[2].value == pytest.approx(of(3.0) - of(1.0))


def test_a_target_that_is_a_logarithm_is_scored_in_dex(score):
    scores = score([1.3], [1.0], "log10(GPa)", Target())
    assert [one.unit for one in scores] == ["dex", "dex"]
    assert scores[0].value == pytest.approx(0.3)


def test_a_plain_target_is_scored_once(score):
    names = [one.name for one in score([1.0], [2.0], "eV", Target(per="cell"))]
    assert names == ["mae", "rmse"]
    binary = score([0.5, 0.1], [1.0, 0.0], "", Target(), "binary")
    assert [one.name for one in binary] == [
        "roc_auc",
        "average_precision",
        "balanced_accuracy",
        "f1",
        "brier",
        "prevalence",
    ]
