"""Which of several choices no other one beats in error and cost at once."""

from __future__ import annotations

import math
from collections.abc import Sequence


def on_front(points: Sequence[tuple[float, float]]) -> list[bool]:
    """Return for each (error, cost) whether it is on the Pareto front.

    Lower is better in both. A point is on it unless another one is at most as large
    in both and smaller in one: equal points are on it together. What is not defined is
    never on it, and beats nothing.
    """
    found = [False] * len(points)
    defined = [i for i, point in enumerate(points) if not any(map(math.isnan, point))]
    least, error_of_least = math.inf, math.inf
    for place in sorted(defined, key=lambda i: points[i]):
        error, cost = points[place]
        if cost < least:
            least, error_of_least = cost, error
        found[place] = cost == least and error == error_of_least
    return found
