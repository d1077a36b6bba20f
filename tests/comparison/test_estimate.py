"""The arithmetic of an estimate, and what is left to do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from fixtures.trials import run_trials
from ngn_core.comparison.estimate import (
    Estimate,
    Packed,
    bytes_on_host,
    spec_estimate,
    total_host,
)
from ngn_core.comparison.request import Request
from ngn_core.comparison.work import PlannedWork, work_of
from ngn_core.costs.cost import Turn
from ngn_core.costs.hardware import Hardware
from ngn_core.costs.isolated_timing import TURNS
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.store import Store
from ngn_core.experiment.trial import make_trial
from ngn_core.packed.graphs import build_graphs, count_missing
from ngn_core.packed.recipe import recipe_of
from ngn_core.report.estimate import estimate_table
from ngn_core.summary.numbers import format_duration, memory
from ngn_core.training.throughput import Throughput

CPU = torch.device("cpu")


def subject(train=0.01, infer=0.001, build=0.1, memory=30.0):
    turns = [
        Turn(scale * build, scale * train, infer, memory, 0.0) for scale in (1, 1, 9)
    ]
    throughput = Throughput(train, infer, 0.5, memory, 2**20, 7.0)
    return SimpleNamespace(turns=turns, throughput=throughput)


WORK = PlannedWork("s", 10, 2, 100, 8, 80.0, 10.0, 20.0)


def estimated(packed, **more):
    values = {"jobs": 1, "costs": True, "turn": 2.0, **more}
    return spec_estimate(subject(), WORK, packed, 1000, **values)


def test_time_is_in_proportion_to_crystals_epochs_and_trials():
    found = estimated(Packed("r", 1e4, 5e3, 1000), jobs=4)
    epoch = 80 * 0.01 + 10 * 0.001
    assert found.training == pytest.approx(10 * (0.5 + 100 * epoch + 20 * 0.001))
    assert found.graphs == pytest.approx(1000 * 0.1 / 4)
    assert found.pass_ == (TURNS + 1) * 2.0
    assert estimated(Packed("r", 1e4, 5e3, 0), costs=False).graphs == 0.0
    assert estimated(Packed("r", 1e4, 5e3, 0), costs=False).pass_ == 0.0


def test_memory_has_the_graphs_where_the_spec_trains():
    found = estimated(Packed("r", 1e4, 2**20 / 100, 1000))
    assert found.memory == pytest.approx(10.0 + 30.0)
    assert found.disk > 10 * 4  # ten times a million weights of four bytes, MiB


def test_graphs_of_one_recipe_are_kept_once():
    shared = [
        Packed("r", 2**20, 1, 1),
        Packed("r", 2**20, 1, 0),
        Packed("q", 2**19, 1, 0),
    ]
    assert total_host(shared, 10) == pytest.approx(15.0)


def test_packed_graphs_have_the_bytes_of_their_tensors(prepared):
    graphs = prepared.graphs["CGCNN"]
    whole = bytes_on_host(graphs)
    half = bytes_on_host(graphs.take(torch.arange(len(graphs) // 2)))
    assert 0.3 * whole < half < 0.7 * whole
    level = graphs.levels[1]
    assert whole > level.index.nbytes + level.multiplicity.nbytes


def test_stored_trials_are_not_left_to_do(
    small_spec, prepared, registry, tmp_path, reporter
):
    spec = small_spec.with_epochs(1)
    request = Request((), "emt_alloys", tmp_path, seeds=2)
    run = Run(registry, Store(tmp_path))
    (before,) = work_of([spec], prepared.crystals, request, run)
    assert (before.trials, before.stored, before.epochs) == (10, 0, 1)
    assert before.train + before.test == pytest.approx(len(prepared.crystals))
    trial = make_trial(spec, prepared.crystals, 0, 0, registry)
    run_trials([trial], prepared, Store(tmp_path), registry, CPU, reporter)
    (after,) = work_of([spec], prepared.crystals, request, run)
    assert (after.trials, after.stored) == (9, 1)


def test_graphs_in_the_cache_are_not_missing(small_spec, alloys, registry, tmp_path):
    recipe = recipe_of(small_spec, registry)
    ids, crystals = alloys.ids[:5], alloys.crystals[:5]
    assert count_missing(ids, crystals, recipe, None) == 5
    assert count_missing(ids, crystals, recipe, tmp_path) == 5
    build_graphs(ids, crystals, recipe, tmp_path, lambda done: None)
    assert count_missing(ids, crystals, recipe, tmp_path) == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (99.0, "99 s"),
        (100.0, "2 min"),
        (5999.0, "1 h 40 min"),
        (7200.0, "2 h"),
        (2 * 86400.0, "2 d"),
        (50 * 3600.0, "2 d 2 h"),
    ],
)
def test_durations(seconds, text):
    assert format_duration(seconds) == text


def test_sizes():
    assert [memory(1.25), memory(340.2), memory(2150.0)] == [
        "1.2 MiB",
        "340 MiB",
        "2.1 GiB",
    ]


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_the_table_has_the_whole(device):
    spec = estimated(Packed("r", 1e4, 2**20 / 100, 1000))
    place = Hardware(device, "a CPU", "a GPU" if device == "cuda" else "", 4, 2)
    made = Estimate("d", "t", 1000, 5, 2, (spec,), 3.0, 500.0, 10.0, place, 1.5)
    assert made.seconds == pytest.approx(3.0 + spec.seconds)
    assert made.memory == pytest.approx(510.0 + (0 if device == "cuda" else 40.0))
    assert made.device_memory == (pytest.approx(40.0) if device == "cuda" else None)
    sheet = estimate_table(made)
    assert [row[0] for row in sheet.rows] == ["s", "whole"]
    assert "2 more trials are stored already." in sheet.note
    assert "kept 1.5 cores busy" in sheet.note
    assert "10 trials will take about" in made.sentence()
