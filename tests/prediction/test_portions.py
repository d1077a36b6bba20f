"""Crystals in portions: the graphs of few are in memory, and nothing else changes."""

from __future__ import annotations

import json
from functools import partial

import pytest
import torch

from ngn_core.crystal.elements import symbol_of
from ngn_core.prediction import fit_network, fitted
from ngn_core.prediction import predict as predicting
from ngn_core.prediction.portions import portions

CPU = torch.device("cpu")


def test_portions_are_all_crystals_in_their_order(alloys):
    found = list(portions(alloys, 7))
    assert [len(one) for one in found] == [7, 7, 7, 7, 7, 5]
    assert [name for one in found for name in one.ids] == list(alloys.ids)
    assert [crystal for one in found for crystal in one.crystals] == list(
        alloys.crystals
    )


def test_predictions_hold_the_graphs_of_a_portion_and_are_the_same(
    committee, alloys, registry, tmp_path, monkeypatch
):
    write_rows(alloys, tmp_path / "data.jsonl")
    paths = [committee, tmp_path / "data.jsonl"]
    whole = predicting.predict(paths, registry, CPU).rows
    build, sizes = predicting.build_graphs, []

    def counted(ids, *more):
        sizes.append(len(ids))
        return build(ids, *more)

    monkeypatch.setattr(predicting, "build_graphs", counted)
    monkeypatch.setattr(predicting, "portions", partial(portions, size=9))
    found = predicting.predict(paths, registry, CPU).rows
    assert sizes == [9, 9, 9, 9, 4]
    assert [row.id for row in found] == [row.id for row in whole]
    means = [row.mean for row in whole]
    assert [row.mean for row in found] == pytest.approx(means, abs=1e-5)


def test_an_estimator_holds_the_graphs_of_a_portion(small_spec, alloys, monkeypatch):
    crystals = list(alloys.crystals[:12])
    values = [float(crystal.numbers.mean()) for crystal in crystals]
    made = fitted.Estimator(small_spec, epochs=1, device="cpu").fit(crystals, values)
    whole = made.predict(crystals)
    monkeypatch.setattr(fit_network, "portions", partial(portions, size=5))
    assert made.predict(crystals) == pytest.approx(whole, abs=1e-5)


def write_rows(alloys, file):
    with file.open("w") as stream:
        for name, crystal in zip(alloys.ids, alloys.crystals, strict=True):
            row = {
                "id": name,
                "lattice": crystal.lattice.tolist(),
                "frac": crystal.frac.tolist(),
                "species": [symbol_of(int(number)) for number in crystal.numbers],
            }
            stream.write(json.dumps(row) + "\n")
