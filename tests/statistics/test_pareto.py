"""The Pareto front against its definition."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from ngn_core.statistics.pareto import on_front

number = st.one_of(st.integers(0, 5).map(float), st.just(math.nan), st.floats(-9, 9))


def beaten(point, other):
    return (
        other[0] <= point[0]
        and other[1] <= point[1]
        and (other[0] < point[0] or other[1] < point[1])
    )


@given(st.lists(st.tuples(number, number), max_size=12))
def test_the_front_is_what_no_other_point_beats(points):
    expected = [
        not any(map(math.isnan, point))
        and not any(beaten(point, other) for other in points)
        for point in points
    ]
    assert on_front(points) == expected
