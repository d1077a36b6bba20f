"""The plan of a budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.comparison.budget import (
    LEAST_EPOCHS,
    SPARE,
    Rates,
    parse_budget,
    plan,
)
from ngn_core.comparison.time_limit import parse_time
from ngn_core.errors import NGNError

rates = st.builds(
    Rates,
    graph=st.floats(1e-4, 0.1),
    train=st.floats(1e-5, 0.05),
    infer=st.floats(1e-6, 0.01),
    trial=st.floats(0.0, 0.2),
)


@given(st.lists(rates, min_size=1, max_size=5), st.floats(30, 3000))
def test_a_plan_fits_into_its_time(found, seconds):
    crystals, folds = 1000, 5
    try:
        chosen = plan(seconds, found, crystals, folds, folds)
    except NGNError:
        return
    needed = sum(
        rate.graph * chosen.crystals
        + folds * rate.trial
        + chosen.epochs * folds * 0.8 * chosen.crystals * rate.train
        + chosen.crystals * rate.infer
        for rate in found
    )
    assert needed <= SPARE * seconds * (1 + 1e-9)
    assert chosen.crystals == crystals or chosen.epochs >= LEAST_EPOCHS


def test_the_one_fold_of_a_file_trains_on_all_crystals_at_most():
    chosen = plan(100.0, [Rates(0.001, 0.001, 0.001, 0.1)], 100, 1, 1)
    assert 1 <= chosen.epochs * chosen.crystals * 0.001 <= 100.0


def test_too_little_time_is_refused():
    with pytest.raises(NGNError, match="too few"):
        plan(1.0, [Rates(0.1, 0.1, 0.1, 0.1)], 100, 5, 5)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90.0), ("3m", 180.0), ("1.5h", 5400.0), ("2 m", 120.0)],
)
def test_times_are_read(text, seconds):
    assert parse_time(text) == seconds


@pytest.mark.parametrize("text", ["", "3", "m", "-3m", "3 days", "0s", "1e3s"])
def test_other_times_are_refused(text):
    with pytest.raises(NGNError, match="expected a time like"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "of", "amount"),
    [
        ("3m", "call", 180.0),
        ("epochs=20", "epochs", 20),
        ("steps=1000", "steps", 1000),
        ("seconds=2.5", "seconds", 2.5),
    ],
)
def test_a_budget_is_of_the_call_or_of_every_trial(text, of, amount):
    budget = parse_budget(text)
    assert (budget.of, budget.amount, budget.text) == (of, amount, text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("epoch=3", "Did you mean 'epochs'?"),
        ("epochs=0", "a whole number from 1 on"),
        ("epochs=2.5", "a whole number from 1 on"),
        ("steps=", "a whole number from 1 on"),
        ("seconds=-1", "a number above 0"),
        ("seconds=3s", "a number above 0"),
    ],
)
def test_other_budgets_are_refused(text, sentence):
    with pytest.raises(NGNError, match=sentence):
        parse_budget(text)


def test_a_trial_has_whole_epochs_the_steps_at_least_and_the_seconds_at_most():
    assert parse_budget("epochs=7").epochs(100, 64, 0.0) == 7
    assert parse_budget("steps=7").epochs(100, 64, 0.0) == 4  # of 2 steps
    assert parse_budget("steps=8").epochs(100, 64, 0.0) == 4
    assert parse_budget("seconds=1").epochs(100, 64, 0.003) == 3  # of 0.3 s
    assert parse_budget("seconds=0.1").epochs(100, 64, 0.003) == 1
