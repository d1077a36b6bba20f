from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.crystal.formula import composition, formula


def ordered(numbers):
    return [((z, 1.0),) for z in numbers]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([8, 8, 8, 22, 38], "SrTiO3"),
        ([17] * 4 + [11] * 4, "NaCl"),
        ([6, 14], "SiC"),
        ([8, 1, 1], "H2O"),
        ([13] * 4, "Al"),
        ([92, 8, 8], "UO2"),
        ([2], "He"),
    ],
)
def test_formulas_are_as_chemists_write_them(numbers, text):
    assert formula(ordered(numbers)) == text


CUPRATE = [
    *[((38, 0.075), (57, 0.925))] * 2,
    *ordered([29, 8, 8, 8, 8]),
]
YBCO = [*ordered([39, 56, 56, 29, 29, 29, 8, 8, 8, 8, 8, 8]), ((8, 0.93),)]


@pytest.mark.parametrize(
    ("species", "text"),
    [
        (CUPRATE, "La1.85Sr0.15CuO4"),
        (YBCO, "Ba2YCu3O6.93"),
        ([((29, 0.5), (79, 0.5))], "CuAu"),
        ([((26, 0.95),), ((8, 1.0),)], "Fe0.95O"),
        ([((26, 0.5),)], "Fe"),
    ],
)
def test_shared_and_partly_occupied_sites_count_by_their_weights(species, text):
    assert sorted(_elements(formula(species))) == sorted(_elements(text))


def _elements(text):
    import re

    return re.findall(r"[A-Z][a-z]?[\d.]*", text)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([8, 26, 29, 57]),
            st.integers(1, 25).map(lambda part: part / 100),
            min_size=1,
            max_size=4,
        ).map(lambda site: tuple(sorted(site.items()))),
        min_size=1,
        max_size=4,
    ),
    st.integers(2, 9),
    st.randoms(),
)
def test_neither_the_cell_nor_the_order_of_sites_matters(sites, copies, random):
    larger = sites * copies
    random.shuffle(larger)
    assert composition(larger) == composition(sites)
    assert formula(larger) == formula(sites)


def test_a_trace_is_not_lost():
    sites = [((29, 0.99999), (79, 0.00001))]
    assert dict(composition(sites))[79] == Fraction(1, 10_000)


def test_an_ordered_crystal_has_exact_shares_whatever_its_size():
    sites = ordered([8] * 20_001 + [1])
    assert dict(composition(sites))[1] == Fraction(1, 20_002)
    assert composition(ordered([29, 79])) == composition([((29, 0.5), (79, 0.5))])
