"""The plan of a budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.compare.budget import LEAST_EPOCHS, SPARE, Rates, parse_time, plan
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
