"""Curves over what was swept, nested training parts, and fitted exponents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ngn_core.costs.cost import Cost, Turn
from ngn_core.costs.costs import Costs
from ngn_core.experiment.result import read_result, write_result
from ngn_core.experiment.trial import make_trial
from ngn_core.spec.sweep import TRAIN_SIZE, Point
from ngn_core.summary.sweep import curves_of

UNKNOWN = Costs({})
PREDICTIONS = [(f"c{i}", 0.0, 0.0) for i in range(20)]


@pytest.fixture
def swept(trial_result):
    """Return a result of each fold, swept to a point."""

    def results(of, values, error, *, folds=5, **said):
        name = f"{of}[{','.join(map(str, values.values()))}]"
        told = {"train_size": 80, **said, "predictions": PREDICTIONS}
        point = Point(of, values)
        return [
            trial_result(name, fold, error(fold), point=point, **told)
            for fold in range(folds)
        ]

    return results


def test_the_shares_of_a_fold_are_nested_and_tested_on_the_same(
    small_spec, prepared, registry
):
    parts = {}
    for share in (0.1, 0.5, 1):
        spec = replace(small_spec, point=Point("CGCNN", {TRAIN_SIZE: share}))
        for fold, seed in ((0, 0), (0, 1), (1, 0)):
            trial = make_trial(spec, prepared.crystals, fold, seed, registry)
            parts[share, fold, seed] = trial.parts
    whole, _, test = prepared.crystals.parts(0)
    small, middle, full = (set(parts[s, 0, 0][0].tolist()) for s in (0.1, 0.5, 1))
    assert small < middle < full == set(whole.tolist())
    assert len(middle) == round(0.5 * len(whole))
    for share in (0.1, 0.5, 1):
        np.testing.assert_array_equal(parts[share, 0, 0][2], test)
        np.testing.assert_array_equal(parts[share, 0, 0][0], parts[share, 0, 1][0])


def test_a_trial_on_a_share_has_a_digest_of_its_own(small_spec, prepared, registry):
    half = replace(small_spec, point=Point("CGCNN", {TRAIN_SIZE: 0.5}))
    trials = [
        make_trial(spec, prepared.crystals, 0, 0, registry)
        for spec in (small_spec, half)
    ]
    assert trials[0].digest != trials[1].digest


def test_a_known_power_law_is_found(swept):
    exponents = [0.3, 0.4, 0.35, 0.45, 0.25]
    results = []
    for size in (50, 100, 200, 400):
        results += swept(
            "coGN",
            {TRAIN_SIZE: size / 400},
            lambda fold, size=size: 7.0 * size ** -exponents[fold],
            train_size=size,
        )
    (curve,) = curves_of(results, UNKNOWN).curves
    assert curve.power_law.exponent == pytest.approx(np.mean(exponents))
    assert curve.power_law.factor == pytest.approx(7.0)
    # Nadeau and Bengio 2003 by hand, for 20 crystals tested and 400 trained on
    half = 2.7764451 * np.sqrt((1 / 5 + 20 / 400) * np.var(exponents, ddof=1))
    low = np.mean(exponents) - half
    assert curve.power_law.interval.low == pytest.approx(low, rel=1e-6)


def test_an_error_of_zero_has_no_power_law(swept):
    results = []
    for size in (50, 100):
        share = {TRAIN_SIZE: size / 100}
        results += swept("coGN", share, lambda fold: 0.0, train_size=size)
    assert curves_of(results, UNKNOWN).curves[0].power_law is None


def test_each_swept_number_has_a_curve_for_every_combination_of_the_others(swept):
    results = []
    for k in (4, 8, 12):
        for layers in (1, 5):
            point = {"graph.edges.neighbors": k, "network.blocks.0.repeat": layers}
            results += swept("coGN", point, lambda fold, k=k: 1.0 / k)
    found = curves_of(results, UNKNOWN)
    lengths = [(curve.across, len(curve.points)) for curve in found.curves]
    assert lengths == [("neighbors", 3)] * 2 + [("repeat", 2)] * 3
    assert [point.value for point in found.curves[0].points] == [4, 8, 12]
    assert found.curves[0].title == "coGN (repeat=1)"


def test_words_part_curves_and_are_none(swept):
    results = []
    for use, key in (("knn", "neighbors"), ("radius", "cutoff")):
        for value in (3, 5):
            point = {"graph.edges.use": use, f"graph.edges.{key}": value}
            results += swept("coGN", point, lambda fold: 1.0)
    titles = [
        (curve.title, curve.across) for curve in curves_of(results, UNKNOWN).curves
    ]
    assert titles == [
        ("coGN (use=radius)", "cutoff"),
        ("coGN (use=knn)", "neighbors"),
    ]


def test_seconds_are_of_the_exclusive_pass_and_never_of_the_trials(swept):
    results = []
    for k in (4, 8):
        said = {"epochs": 3, "cost": {"parameters": 9.5, "train_seconds": 1e6}}
        results += swept("coGN", {"neighbors": k}, lambda fold: 1.0, **said)
    turn = Turn(build=1.0, train=0.25, infer=0.5, memory=None, others=None)
    model = results[0].model
    cost = Cost(model, "coGN", {}, "", 8, 80, 9, 1.0, (turn,))
    known, unknown = curves_of(results, Costs({model: cost})).curves[0].points
    assert known.costs["train_seconds"] == 3 * 80 * 0.25
    assert known.costs["inference_crystals_per_second"] == 2.0
    assert unknown.costs["parameters"] == 9.5
    assert unknown.costs["train_seconds"] is None


def test_without_a_sweep_there_are_no_curves(trial_result):
    assert curves_of([trial_result("coGN", 0, 1.0)], UNKNOWN) is None


def test_a_stored_result_knows_its_point(swept, tmp_path):
    (result,) = swept("coGN", {"graph.edges.neighbors": 4}, lambda fold: 1.0, folds=1)
    write_result(result, tmp_path)
    assert read_result(tmp_path).point == result.point
