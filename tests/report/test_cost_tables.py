"""The table of costs: hardware apart, fronts marked, noise said."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ngn_core.costs.cost import Cost, Turn
from ngn_core.costs.costs import costs_of
from ngn_core.report.cost_rows import cost_rows
from ngn_core.report.costs import (
    COSTS_COLUMNS,
    costs_as_plain,
    costs_rows,
    costs_sheet,
)
from ngn_core.summary.comparison import Column, Line, Spread, Table

ENVIRONMENT = {
    "cpu": "a CPU",
    "cores": 4,
    "device": "cpu",
    "packages": {"ngn": "1", "torch": "2"},
}


def result(spec, parts=1):
    return SimpleNamespace(
        model=spec,
        spec=spec,
        cost={"parameters": 9.0, "flops_per_crystal": 5.0, "batch_parts": parts},
        graph={"node": 2.0},
        curve=[{"validation_loss": None}],
        task="regression",
        scaling={},
        written="",
        epochs=10,
        train_size=100,
        validation_size=0,
    )


def cost(spec, train, threads=2, others=0.0):
    turn = Turn(0.001, train, 0.01, 50.0, others)
    environment = {**ENVIRONMENT, "threads": threads}
    return Cost(spec, spec, environment, "2026", 8, 16, 9, 5.0, (turn,) * 3)


def table(*specs, costs=(), parts=1):
    """Return a table of specs with errors 1, 2, 3 ..."""
    lines = tuple(
        Line(spec, {"mae": Spread(1.0 + i, 0.1, 5)}, (result(spec, parts),))
        for i, spec in enumerate(specs)
    )
    results = [own for line in lines for own in line.results]
    return Table(
        dataset="d",
        target="t",
        unit="eV",
        task="regression",
        crystals=10,
        n_folds=5,
        fold_source="official",
        held_out=0,
        seeds=1,
        columns=(Column("mae", "MAE", "eV", "lower"),),
        lines=lines,
        failures=(),
        skipped=(),
        notes=(),
        costs=costs_of(results, costs),
    )


def column(sheet, start):
    (place,) = (i for i, name in enumerate(sheet.columns) if name.startswith(start))
    return {row[0]: row[place] for group in sheet.groups for row in group}


def test_the_front_has_whoever_is_not_beaten_in_error_and_cost():
    made = table(
        "a", "b", "c", costs=[cost("a", 0.02), cost("b", 0.01), cost("c", 0.015)]
    )
    sheet = costs_sheet(made)
    assert column(sheet, "training [cr") == {"a": "50 *", "b": "100 *", "c": "66.7"}
    assert column(sheet, "training [s/t") == {"a": "20 *", "b": "10 *", "c": "15"}
    assert "Pareto front of this cost and the MAE" in sheet.note
    assert "median of 3 turns after a warm-up, on a CPU, 2 threads of 4" in sheet.note


def test_places_are_apart_and_not_ranked_together():
    costs = [
        cost("a", 0.02),
        cost("b", 0.01),
        cost("c", 0.001, threads=1),
        cost("d", 0.002, threads=1),
    ]
    made = table("a", "b", "c", "d", costs=costs)
    sheet = costs_sheet(made)
    assert [[row[0] for row in group] for group in sheet.groups] == [
        ["c", "d"],
        ["a", "b"],
    ]
    assert set(column(sheet, "place").values()) == {"A", "B"}
    front = {row.spec: "train_seconds" in row.front for row in cost_rows(made)}
    assert front == {"a": True, "b": True, "c": True, "d": False}
    assert "not ranked together" in sheet.note


def test_a_cost_of_one_spec_alone_ranks_nothing():
    made = table("a", "b", costs=[cost("a", 0.02), cost("b", 0.01, threads=1)])
    assert all("train_seconds" not in row.front for row in cost_rows(made))


def test_noise_is_said_and_quiet_is_not():
    quiet = costs_sheet(table("a", costs=[cost("a", 0.1)]))
    noisy = costs_sheet(table("a", costs=[cost("a", 0.1, others=1.5)]))
    assert "Noisy" not in quiet.note
    assert "other processes kept up to 1.5 cores busy while a was" in noisy.note


def test_without_a_pass_nothing_is_taken_from_the_trials():
    sheet = costs_sheet(table("a", "b"))
    assert sheet.columns == (
        "spec",
        "parameters",
        "FLOPs [/crystal]",
        "nodes [/crystal]",
    )
    assert "Costs of a, b: not measured" in sheet.note


def test_parts_of_batches_are_said():
    note = costs_sheet(table("a", parts=4)).note
    assert "a: whole batches did not fit into the memory in 1 of 1 trial" in note
    assert "batch normalization saw each part alone" in note


def test_json_and_csv_say_the_same():
    made = table("a", "b", costs=[cost("a", 0.02), cost("b", 0.01)])
    rows = [dict(zip(COSTS_COLUMNS, row, strict=True)) for row in costs_rows(made)]
    plain = {one["spec"]: one for one in costs_as_plain(made)}
    assert rows
    for row in rows:
        value = plain[row["spec"]]["values"][row["cost"]]
        assert row["value"] == ("" if value["value"] is None else value["value"])
        assert row["on_front"] == str(value["on_front"]).lower()
    assert plain["a"]["values"]["train_crystals_per_second"]["value"] == pytest.approx(
        50
    )
