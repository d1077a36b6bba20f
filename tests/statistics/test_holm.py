"""Several p-values at once."""

import pytest

from ngn_core.statistics.holm import holm


def test_holm_in_demsars_example():
    # Demsar 2006, section 3.2.2: three classifiers against C4.5; p 0.016, 0.019, 0.607
    # against 0.017, 0.025, 0.05: the first two are rejected
    found = holm([0.019, 0.607, 0.016])
    assert [value < 0.05 for value in found] == [True, False, True]
    assert found == pytest.approx([0.048, 0.607, 0.048])


def test_holm_stops_at_the_first_that_is_kept():
    assert holm([0.03, 0.04, 0.001]) == pytest.approx([0.06, 0.06, 0.003])


def test_no_p_values_are_none():
    assert holm([]) == []


def test_a_p_value_is_one_at_most():
    assert holm([0.6, 0.7]) == [1.0, 1.0]
