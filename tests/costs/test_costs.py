"""Costs beside results: kept whole, measured once, never mixed between machines."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from ngn_core.costs import measure_costs as module
from ngn_core.costs.cost import Cost, Turn
from ngn_core.costs.cost_files import (
    cost_file,
    read_cost,
    read_costs,
    write_cost,
)
from ngn_core.costs.costs import costs_of
from ngn_core.costs.hardware import digest_hardware
from ngn_core.costs.measure_costs import measure_costs
from ngn_core.errors import TrialError
from ngn_core.experiment.environment import environment
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.store import Store
from ngn_core.training.throughput import Throughput

CPU = torch.device("cpu")
HERE = {
    "cpu": "a CPU",
    "cores": 4,
    "threads": 2,
    "device": "cpu",
    "packages": {"ngn": "1", "torch": "2"},
}
TURNS = (
    Turn(0.1, 0.03, 0.01, 5.0, 0.0),
    Turn(0.2, 0.01, 0.02, None, 3.0),
    Turn(0.3, 0.02, 0.09, 9.0, 0.1),
)


def cost(model="m1", when="2026-01-01", **hardware):
    environment = {**HERE, **hardware}
    return Cost(model, "s", environment, when, 8, 16, 9, 7.0, TURNS)


def result(model):
    return SimpleNamespace(model=model, spec=f"spec {model}")


def test_medians_are_of_the_turns():
    made = cost()
    assert (made.build, made.train, made.infer) == (0.2, 0.02, 0.02)
    assert made.memory == 7.0
    assert made.others == 0.1
    assert not made.noisy
    assert replace(made, turns=TURNS[1:2]).noisy
    assert made.spread == pytest.approx(1.0)


def test_a_cost_reads_as_it_was_written(tmp_path):
    write_cost(cost(), tmp_path)
    assert read_costs([tmp_path]) == [cost()]
    assert [file.suffix for file in (tmp_path / "costs").iterdir()] == [".json"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 2}'])
def test_what_is_no_cost_is_refused_with_a_sentence(tmp_path, text):
    file = tmp_path / "x.json"
    file.write_text(text)
    with pytest.raises(TrialError, match=r"x\.json: not a whole cost.*--costs fresh"):
        read_cost(file)


@pytest.mark.parametrize(
    "other",
    [
        {"threads": 1},
        {"cores": 8},
        {"cpu": "another"},
        {"device": "cuda", "gpu": "a GPU"},
        {"packages": {"ngn": "1", "torch": "3"}},
    ],
)
def test_each_place_has_a_file_of_its_own(tmp_path, other):
    assert digest_hardware(HERE) != digest_hardware({**HERE, **other})
    here, there = cost(), cost(**other)
    assert cost_file(tmp_path, "m1", HERE) != cost_file(
        tmp_path, "m1", {**HERE, **other}
    )
    write_cost(here, tmp_path)
    write_cost(there, tmp_path)
    assert len(read_costs([tmp_path])) == 2


def test_costs_come_from_as_few_places_as_can_be():
    here, there = {"threads": 2}, {"threads": 1}
    found = [
        cost("m1", **there),
        cost("m1", **here),
        cost("m2", **here),
        cost("m4", **here),
        cost("m3", **there),
        cost("other", **there),
        cost("other2", **there),
    ]
    costs = costs_of([result(f"m{i}") for i in (1, 2, 3, 4)], found)
    assert {name: c.hardware.threads for name, c in costs.by_model.items()} == {
        "m1": 2,
        "m2": 2,
        "m3": 1,
        "m4": 2,
    }
    assert [hardware.threads for hardware in costs.places] == [2, 1]
    assert costs.of([result("m5")]) is None


def test_of_two_costs_at_one_place_the_later_one_counts():
    early, late = cost(when="2026-01-01"), cost(when="2026-02-01")
    for found in ([early, late], [late, early]):
        assert costs_of([result("m1")], found).by_model["m1"] == late


@pytest.fixture
def measured(monkeypatch):
    """Names of specs in the order of the passes, without any training."""
    names = []

    def in_turn(subjects, device, tell, limit=None):
        for subject in subjects:
            names.append(subject.spec.name)
            subject.throughput = Throughput(1.0, 1.0, 1.0, None, 9, 7.0)
            subject.turns = list(TURNS)

    monkeypatch.setattr(module, "measure_in_turn", in_turn)
    return names


def test_a_second_call_measures_nothing(
    measured, small_spec, prepared, registry, tmp_path, reporter
):
    def call(wanted="missing"):
        own = [SimpleNamespace(model="m1", spec=small_spec.name)]
        run = Run(registry, Store(tmp_path), reporter)
        measure_costs(own, [small_spec], prepared, run, wanted)
        return len(measured)

    assert call("none") == 0
    assert call() == 1
    assert call() == 1
    assert call("fresh") == 2
    (file,) = (tmp_path / "costs").glob("*.json")
    assert file == cost_file(tmp_path, "m1", environment(CPU))
    file.write_text("half")
    assert call() == 3
    assert read_cost(file).model == "m1"


def test_specs_without_results_are_not_measured(
    measured, small_spec, prepared, registry, tmp_path, reporter
):
    run = Run(registry, Store(tmp_path), reporter)
    measure_costs([], [small_spec], prepared, run)
    assert measured == []
    assert not (tmp_path / "costs").exists()
