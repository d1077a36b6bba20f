"""Shares of a change: against brute force, the efficiency law, and a known truth."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from ngn_core.attribution.shapley import (
    along_orders,
    coalitions,
    factorial_effects,
    on_paths,
    sampled_orders,
    shapley,
)


def names(count):
    return [f"f{place}" for place in range(count)]


def random_values(count, folds=3):
    rng = np.random.default_rng(count)
    return {some: rng.normal(size=folds) for some in coalitions(names(count))}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_shares_are_the_mean_over_all_orders(count):
    values = random_values(count)
    brute = {name: np.zeros(3) for name in names(count)}
    orders = list(permutations(names(count)))
    for order in orders:
        done = frozenset()
        for name in order:
            brute[name] += (values[done | {name}] - values[done]) / len(orders)
            done |= {name}
    for name, share in shapley(values, names(count)).items():
        np.testing.assert_allclose(share, brute[name], atol=1e-12)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_shares_add_up_to_the_whole_change(count):
    values = random_values(count)
    whole = values[frozenset(names(count))] - values[frozenset()]
    total = sum(shapley(values, names(count)).values())
    np.testing.assert_allclose(total, whole, atol=1e-12)


def test_sampled_orders_add_up_too_and_need_only_their_paths():
    values = random_values(6)
    orders = sampled_orders(names(6), 8)
    walked = {some: values[some] for some in on_paths(orders)}
    assert len(set(orders)) == 8
    assert len(walked) < len(values)
    shares = [found.mean(axis=0) for found in along_orders(walked, orders).values()]
    whole = values[frozenset(names(6))] - values[frozenset()]
    np.testing.assert_allclose(sum(shares), whole, atol=1e-12)


def test_each_sampled_order_stands_beside_its_reverse():
    orders = sampled_orders(names(6), 8)
    assert {order[::-1] for order in orders} == set(orders)


def test_all_orders_are_the_exact_shares():
    values = random_values(4)
    found = along_orders(values, sampled_orders(names(4), 24))
    for name, share in shapley(values, names(4)).items():
        np.testing.assert_allclose(found[name].mean(axis=0), share, atol=1e-12)


def test_a_known_truth_of_effects_and_an_interaction_is_found():
    effects = {"f0": -5.0, "f1": 2.0, "f2": 0.0}
    values = {
        some: np.array([sum(effects[name] for name in some)])
        + (3.0 if {"f0", "f1"} <= some else 0.0)
        for some in coalitions(names(3))
    }
    exact = shapley(values, names(3))
    shares = {name: share.item() for name, share in exact.items()}
    assert shares == pytest.approx({"f0": -3.5, "f1": 3.5, "f2": 0.0})
    told = factorial_effects(values, names(3))
    found = {key: effect.item() for key, effect in told.items()}
    expected = dict.fromkeys(found, 0.0)
    expected |= {("f0",): -3.5, ("f1",): 3.5, ("f0", "f1"): 3.0}
    assert found == pytest.approx(expected)
