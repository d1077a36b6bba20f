"""The leakage table in every format of a comparison's report."""

import csv
import json
import math

import pytest

from ngn_core.experiment.leakage import Leakage, Part
from ngn_core.report.comparison_json import summary_as_json
from ngn_core.report.files import summary_as_markdown, write_report
from ngn_core.report.terminal import print_summary
from ngn_core.summary.comparison import ComparisonTable
from ngn_core.summary.remarks import remarks
from ngn_core.summary.summary import summarize


def table(leakage=None):
    about = ("jdft2d", "energy", "meV", "regression", 636, 5, "official", 0, 1)
    return ComparisonTable(*about, (), (), (), (), (), leakage)


def leaking(count=98):
    parts = (
        Part("formula", True, count, {"coGN": 18.0, "SchNet": math.nan}, 16.94),
        Part("formula", False, 636 - count, {"coGN": 39.46, "SchNet": 42.0}, None),
    )
    return Leakage("MAE", "meV", "lower", 636, parts)


@pytest.fixture
def tables():
    return summarize([table(leaking())])


def leakage_of(summary):
    """Return the leakage table in the JSON, None where it is not there."""
    (plain,) = json.loads(summary_as_json(summary))
    return {one["name"]: one for one in plain["tables"]}.get("leakage")


def test_the_terminal_has_the_errors_beside_the_baseline(tables, capsys):
    print_summary(tables)
    out = capsys.readouterr().out
    lines = [line.split() for line in out.splitlines()]
    assert "Leakage: MAE [meV] of test crystals" in out
    assert ["coGN", "18", "39.46"] in lines
    assert ["SchNet", "-", "42"] in lines
    assert ["copies", "its", "duplicates", "16.94", "-"] in lines
    assert "formula duplicate (98)" in out
    assert "98 (15%) have a formula duplicate" in out


def test_markdown_has_it_too(tables):
    text = summary_as_markdown(tables)
    assert "| spec | formula duplicate (98) | no formula duplicate (538) |" in text
    assert "| --- | ---: | ---: |" in text
    assert "| copies its duplicates | 16.94 | - |" in text


def test_csv_has_a_row_for_each_spec_and_one_for_the_baseline(tables, tmp_path):
    write_report(tables, tmp_path)
    with (tmp_path / "leakage.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["spec"] for row in rows] == ["coGN", "SchNet", "copies its duplicates"]
    assert (rows[0]["formula_duplicate"], rows[1]["formula_duplicate"]) == ("18.0", "")
    assert [row["no_formula_duplicate"] for row in rows] == ["39.46", "42.0", ""]
    assert {row["formula_duplicate_crystals"] for row in rows} == {"98"}
    assert {row["no_formula_duplicate_crystals"] for row in rows} == {"538"}
    assert {(row["metric"], row["unit"]) for row in rows} == {("MAE", "meV")}


def test_json_has_null_for_what_is_not_defined(tables):
    found = leakage_of(tables)
    assert found["tested"] == 636
    scores = {row["spec"]: row["formula_duplicate"] for row in found["rows"]}
    assert scores == {"coGN": 18.0, "SchNet": None, "copies its duplicates": 16.94}
    assert found["rows"][-1]["no_formula_duplicate"] is None


def test_without_duplicates_a_sentence_says_so(capsys):
    clean = table(leaking(0))
    sentence = "Of 636 test crystals, none has a formula duplicate in training."
    assert sentence in remarks(clean)
    print_summary(summarize([clean]))
    assert "Leakage" not in capsys.readouterr().out
    assert "Leakage" not in summary_as_markdown(summarize([clean]))


def test_without_results_nothing_is_said():
    assert not any("duplicate" in sentence for sentence in remarks(table()))
    assert leakage_of(summarize([table()])) is None
