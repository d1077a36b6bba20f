"""The table of costs: hardware apart, fronts marked, noise said."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest

from ngn_core.costs.cost import Cost, Turn
from ngn_core.costs.costs import costs_of
from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.formats.csv_file import tables_as_csv
from ngn_core.report.formats.json_file import table_as_plain
from ngn_core.summary.comparison import Line, ScoreColumn
from ngn_core.summary.cost_rows import COST_FIELDS, cost_rows, time_to_common_error
from ngn_core.summary.costs import costs_table
from ngn_core.summary.spread import Spread

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


METRIC = ScoreColumn("mae", "MAE", "eV", "lower")


def made(*specs, costs=(), parts=1):
    """Return rows and table of specs with errors 1, 2, 3 ..."""
    lines = tuple(
        Line(spec, {"mae": Spread(1.0 + i, 0.1, 5)}, (result(spec, parts),))
        for i, spec in enumerate(specs)
    )
    found = costs_of([own for line in lines for own in line.results], costs)
    rows = cost_rows(lines, METRIC, found)
    reached = time_to_common_error(lines, found)
    return rows, costs_table(rows, lines, reached, METRIC.title, "eV")


def column(table, name):
    """Return the texts of a column by spec, nothing where people do not see it."""
    table = table.seen()
    (place,) = (n for n, column in enumerate(table.columns) if column.name == name)
    return {row[0]: cell_text(row[place], table.columns[place]) for row in table.rows}


def test_the_front_has_whoever_is_not_beaten_in_error_and_cost():
    costs = [cost("a", 0.02), cost("b", 0.01), cost("c", 0.015)]
    _, sheet = made("a", "b", "c", costs=costs)
    rate = column(sheet, "train_crystals_per_second")
    assert rate == {"a": "50 *", "b": "100 *", "c": "66.7"}
    assert column(sheet, "train_seconds") == {"a": "20 *", "b": "10 *", "c": "15"}
    assert "Pareto front of this cost and the MAE" in sheet.note
    assert "median of 3 turns after a warm-up, on a CPU, 2 threads of 4" in sheet.note


def test_places_are_apart_and_not_ranked_together():
    costs = [
        cost("a", 0.02),
        cost("b", 0.01),
        cost("c", 0.001, threads=1),
        cost("d", 0.002, threads=1),
    ]
    rows, sheet = made("a", "b", "c", "d", costs=costs)
    assert [[row[0] for row in group] for group in sheet.groups] == [
        ["c", "d"],
        ["a", "b"],
    ]
    assert set(column(sheet, "place").values()) == {"A", "B"}
    front = {row.spec: "train_seconds" in row.front for row in rows}
    assert front == {"a": True, "b": True, "c": True, "d": False}
    assert "not ranked together" in sheet.note


def test_a_cost_of_one_spec_alone_ranks_nothing():
    rows, _ = made("a", "b", costs=[cost("a", 0.02), cost("b", 0.01, threads=1)])
    assert all("train_seconds" not in row.front for row in rows)


def test_noise_is_said_and_quiet_is_not():
    _, quiet = made("a", costs=[cost("a", 0.1)])
    _, noisy = made("a", costs=[cost("a", 0.1, others=1.5)])
    assert "Noisy" not in quiet.note
    assert "other processes kept up to 1.5 cores busy while a was" in noisy.note


def test_without_a_pass_nothing_is_taken_from_the_trials():
    _, sheet = made("a", "b")
    assert [column.heading for column in sheet.seen().columns] == [
        "spec",
        "parameters",
        "FLOPs [/crystal]",
        "nodes [/crystal]",
    ]
    assert "Costs of a, b: not measured" in sheet.note


def test_parts_of_batches_are_said():
    note = made("a", parts=4)[1].note
    assert "a: whole batches did not fit into the memory in 1 of 1 trial" in note
    assert "batch normalization saw each part alone" in note


def test_json_and_csv_say_the_same():
    _, table = made("a", "b", costs=[cost("a", 0.02), cost("b", 0.01)])
    rows = list(csv.DictReader(io.StringIO(tables_as_csv([({}, table)]))))
    plain = {one["spec"]: one for one in table_as_plain(table)["rows"]}
    assert [row["spec"] for row in rows] == list(plain)
    for row in rows:
        for field in COST_FIELDS:
            unit = f" [{field.unit}]" if field.unit else ""
            said = plain[row["spec"]][field.name]
            told = row[f"{field.name}{unit}"]
            assert told == ("" if said["value"] is None else str(said["value"]))
            assert row[f"{field.name}_marked"] == str(said["marked"]).lower()
        assert row["measured_on"] == plain[row["spec"]]["measured_on"] != ""
        assert row["noisy"] == "false"
    assert plain["a"]["train_crystals_per_second"]["value"] == pytest.approx(50)
