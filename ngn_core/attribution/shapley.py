"""Sharing a change out among factors: Shapley values, and factorial effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, combinations, pairwise, permutations
from math import factorial

import numpy as np

Coalition = frozenset[str]
"""The factors that are changed; all others are as they were."""

Values = Mapping[Coalition, np.ndarray]
"""What each coalition is worth, [J], one value a fold."""


def coalitions(names: Sequence[str]) -> list[Coalition]:
    """Return every set of factors, smaller ones first."""
    sizes = range(len(names) + 1)
    return [
        frozenset(some)
        for some in chain.from_iterable(combinations(names, size) for size in sizes)
    ]


def sampled_orders(
    names: Sequence[str], count: int, seed: int = 0
) -> list[tuple[str, ...]]:
    """Return so many orders of the factors, each beside its reverse, none twice.

    Reverses make the estimate better: a factor is early as often as late (Mitchell et
    al. 2022, antithetic sampling). All orders where there are not more than `count`.
    """
    if factorial(len(names)) <= count:
        return list(permutations(names))
    rng = np.random.default_rng(seed)
    orders: dict[tuple[str, ...], None] = {}
    while len(orders) < count:
        order = tuple(names[place] for place in rng.permutation(len(names)))
        orders |= {order: None, order[::-1]: None}
    return list(orders)[:count]


def on_paths(orders: Sequence[Sequence[str]]) -> list[Coalition]:
    """Return the coalitions that the orders pass through, smaller ones first."""
    found = {frozenset(o[:size]) for o in orders for size in range(len(o) + 1)}
    return sorted(found, key=lambda one: (len(one), sorted(one)))


def shapley(values: Values, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return each factor's Shapley value, [J], from all coalitions.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)) (Shapley
    1953). Together they are the whole change.
    """
    count = len(names)
    shares = {}
    for name in names:
        others = coalitions([other for other in names if other != name])
        parts = [
            factorial(len(some))
            * factorial(count - len(some) - 1)
            / factorial(count)
            * (values[some | {name}] - values[some])
            for some in others
        ]
        shares[name] = np.sum(parts, axis=0)
    return shares


def along_orders(
    values: Values, orders: Sequence[Sequence[str]]
) -> dict[str, np.ndarray]:
    """Return each factor's change along each order, [orders, J]; their mean estimates.

    The mean over all orders is the Shapley value; the mean over some of them still
    gives parts that together are the whole change.
    """
    changes: dict[str, list[np.ndarray]] = {name: [] for name in orders[0]}
    for order in orders:
        path = [frozenset(order[:size]) for size in range(len(order) + 1)]
        for name, (before, after) in zip(order, pairwise(path), strict=True):
            changes[name].append(values[after] - values[before])
    return {name: np.array(found) for name, found in changes.items()}


def factorial_effects(
    values: Values, names: Sequence[str]
) -> dict[tuple[str, ...], np.ndarray]:
    """Return main effects and interactions of the full factorial, [J] each.

    A main effect is the mean change by the factor over all settings of the others; an
    interaction of two is how much the effect of one changes with the other, mean over
    all settings of the rest (a difference of differences); and so on.
    """
    effects = {}
    for some in coalitions(names)[1:]:
        rest = coalitions([name for name in names if name not in some])
        parts = [
            (-1) ** (len(some) - len(inner)) * values[outer | inner] / len(rest)
            for outer in rest
            for inner in coalitions(sorted(some))
        ]
        key = tuple(name for name in names if name in some)
        effects[key] = np.sum(parts, axis=0)
    return effects
