"""The leakage table in every format of a comparison's report."""

import csv
import io
import json
import math

import pytest

from ngn_core.experiment.leakage import Leakage, Part
from ngn_core.report.csv_files import leakage_as_csv
from ngn_core.report.files import as_markdown
from ngn_core.report.json_file import as_json
from ngn_core.report.rows import remarks
from ngn_core.report.terminal import print_tables
from ngn_core.summary.comparison import Table


def table(leakage=None):
    about = ("jdft2d", "energy", "meV", "regression", 636, 5, "official", 0, 1)
    return Table(*about, (), (), (), (), (), leakage)


def leaking(count=98):
    parts = (
        Part("formula", True, count, {"coGN": 18.0, "SchNet": math.nan}, 16.94),
        Part("formula", False, 636 - count, {"coGN": 39.46, "SchNet": 42.0}, None),
    )
    return Leakage("MAE", "meV", "lower", 636, parts)


@pytest.fixture
def tables():
    return [table(leaking())]


def test_the_terminal_has_the_errors_beside_the_baseline(tables, capsys):
    print_tables(tables)
    out = capsys.readouterr().out
    lines = [line.split() for line in out.splitlines()]
    assert "Leakage: MAE [meV] of test crystals" in out
    assert ["coGN", "18", "39.46"] in lines
    assert ["SchNet", "-", "42"] in lines
    assert ["copies", "its", "duplicates", "16.94", "-"] in lines
    assert "formula duplicate (98)" in out
    assert "98 (15%) have a formula duplicate" in out


def test_markdown_has_it_too(tables):
    text = as_markdown(tables)
    assert "| spec | formula duplicate (98) | no formula duplicate (538) |" in text
    assert "| --- | ---: | ---: |" in text
    assert "| copies its duplicates | 16.94 | - |" in text


def test_csv_has_a_row_for_each_number(tables):
    rows = list(csv.DictReader(io.StringIO(leakage_as_csv(tables))))
    assert len(rows) == 6
    assert rows[0]["value"] == "18.0"
    assert (rows[1]["spec"], rows[1]["value"]) == ("SchNet", "")
    assert {row["crystals"] for row in rows} == {"98", "538"}


def test_json_has_null_for_what_is_not_defined(tables):
    (found,) = json.loads(as_json(tables))
    assert found["leakage"]["parts"][0]["scores"] == {"coGN": 18.0, "SchNet": None}
    assert found["leakage"]["parts"][1]["copying"] is None


def test_without_duplicates_a_sentence_says_so(capsys):
    clean = table(leaking(0))
    sentence = "Of 636 test crystals, none has a formula duplicate in training."
    assert sentence in remarks(clean)
    print_tables([clean])
    assert "Leakage" not in capsys.readouterr().out
    assert "Leakage" not in as_markdown([clean])


def test_without_results_nothing_is_said():
    assert not any("duplicate" in sentence for sentence in remarks(table()))
    assert json.loads(as_json([table()]))[0]["leakage"] is None
