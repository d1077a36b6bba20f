"""Time to an error, on curves made by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from ngn_core.costs.time_to_error import (
    time_to_error,
    training_seconds,
    validation_errors,
)

COST = SimpleNamespace(train=0.1, infer=0.01)
FAST = SimpleNamespace(train=0.01, infer=0.001)


def result(losses, loss="mae", std=2.0, **scaling):
    return SimpleNamespace(
        task="regression",
        scaling={"std": std, "transform": "none", "per": None, **scaling},
        curve=[{"validation_loss": value} for value in losses],
        written=f"train:\n  loss: {{use: {loss}}}\n",
        epochs=len(losses),
        train_size=100,
        validation_size=10,
    )


def test_all_specs_reach_the_error_that_the_worst_of_them_reaches():
    good = [result([0.4, 0.2, 0.1])]
    bad = [result([0.9, 0.5, 0.3, 0.35])]
    found = time_to_error({"good": (good, COST), "bad": (bad, FAST)})
    assert found.error == pytest.approx(0.6)  # 0.3 of a standard deviation of 2
    epoch = 100 * 0.1 + 10 * 0.01
    assert found.seconds["good"] == pytest.approx(2 * epoch)
    assert found.seconds["bad"] == pytest.approx(3 * epoch / 10)


def test_a_median_trial_is_there_although_one_never_is():
    several = [result([0.5, 0.1]), result([0.1, 0.2]), result([0.9, 0.9])]
    found = time_to_error({"a": (several, COST), "b": ([result([0.4])], COST)})
    assert found.error == pytest.approx(0.8)
    assert math.isfinite(found.seconds["a"])
    assert found.seconds["a"] == pytest.approx(2 * 10.1)


@pytest.mark.parametrize(
    "other",
    [
        result([0.1], loss="mse"),
        result([0.1], transform="log10"),
        result([0.1], per="cell"),
        result([None]),
        result([]),
        result([math.nan]),
    ],
)
def test_errors_that_cannot_be_compared_are_not(other):
    assert validation_errors(other) == []
    assert time_to_error({"a": ([result([0.1])], COST), "b": ([other], COST)}) is None


def test_specs_that_were_not_measured_do_not_count():
    lines = {"a": ([result([0.1])], COST), "b": ([result([0.1])], None)}
    assert time_to_error(lines) is None


def test_the_seconds_of_a_trial_have_its_validation_with_them():
    assert training_seconds(result([0.1] * 7), COST) == pytest.approx(7 * 10.1)
