"""Numbers as people read them: nothing is rounded to nothing."""

import math

import pytest

from ngn_core.summary.numbers import factor, format_number, format_spread, plural


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (math.nan, "undefined"),
        (-math.inf, "undefined"),
        (0.0, "0"),
        (-0.0, "0"),
        (697601, "697,601"),
        (36.951, "36.95"),
        (0.060031, "0.06003"),
        (1e-6, "0.00000100"),
        (3e-12, "3.0e-12"),
        (-3.4567e-12, "-3.457e-12"),
        (1e15, "1,000,000,000,000,000"),
        (2.5e18, "2.5e+18"),
    ],
)
def test_a_number_is_shown(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("mean", "std", "text"),
    [
        (36.951, 12.1722, "36.95 ± 12.17"),
        (0.060031, 0.011494, "0.06003 ± 0.01149"),
        (0.3111, 0.0, "0.3111 ± 0.0000"),
        (3.0, 0.4, "3.0 ± 0.4"),
        (0, 0.42, "0.00 ± 0.42"),
        (-3e-12, 0.42, "0.00 ± 0.42"),
        (3, 0, "3 ± 0"),
        (50.66, 0.0021, "50.6600 ± 0.0021"),
        (1234.5, 12.34, "1,234 ± 12"),
        (3e-12, 4e-13, "3.0e-12 ± 4.0e-13"),
        (3e-12, 0.0, "3.0e-12 ± 0"),
        (0.5, 1e-9, "0.5000 ± 1.0e-09"),
        (3e18, 0.25, "3.0e+18 ± 0.2500"),
        (math.nan, math.nan, "undefined"),
    ],
)
def test_mean_and_spread_have_the_decimals_that_both_need(mean, std, text):
    assert format_spread(mean, std) == text


def test_an_error_in_dex_is_a_factor():
    assert factor(0.049) == "x 1.12"
    assert factor(0.3010299957) == "x 2.00"
    assert factor(0.0) == "x 1"
    assert factor(math.inf) == factor(math.nan) == "undefined"


def test_one_thing_has_no_plural():
    assert [plural(number, "fold") for number in (0, 1, 2, 1000)] == [
        "0 folds",
        "1 fold",
        "2 folds",
        "1,000 folds",
    ]
