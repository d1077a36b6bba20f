"""One table of raw values in every format: nothing is lost, nothing is parsed back."""

import csv
import io
import json
import math

import pytest
from rich.console import Console

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.formats.csv_file import tables_as_csv
from ngn_core.report.formats.html import table_as_html
from ngn_core.report.formats.json_file import as_json, table_as_plain
from ngn_core.report.formats.latex import table_as_latex
from ngn_core.report.formats.markdown import table_as_markdown
from ngn_core.report.formats.terminal import print_table
from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import Marked, TableColumn, TypedTable, data_column

TABLE = TypedTable(
    "made",
    "Made & up",
    (
        TableColumn("spec", "spec"),
        TableColumn("mae", "MAE", "eV", "score"),
        TableColumn("change", "change", kind="change"),
        TableColumn("rate", "rate", "crystals/s", "quantity"),
        data_column("seeds"),
    ),
    (
        (
            (
                "a<b>",
                Spread(0.31111, 0.0214, 5),
                Interval(-0.5, 0.25),
                Marked(66.667),
                3,
            ),
            ("c", None, None, Marked(1234.5678, "*"), 3),
        ),
    ),
    "A note.",
    frozenset({"c"}),
    {"tested": 7, "share": math.nan},
)

TEXTS = [
    ("a<b>", "0.3111 ± 0.0214", "-50 % to +25 %", "66.7"),
    ("c", "-", "-", "1,235 *"),
]


def test_people_read_the_same_in_every_format(capsys):
    print_table(Console(width=100), TABLE)
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    printed = [[part.strip() for part in line if part.strip()] for line in lines]
    for row in TEXTS:
        assert list(row) in printed
    markdown = table_as_markdown(TABLE)
    assert "| a<b> | 0.3111 ± 0.0214 | -50 % to +25 % | 66.7 |" in markdown
    assert "| **c** | - | - | 1,235 * |" in markdown
    html = table_as_html(TABLE)
    assert ">0.3111 ± 0.0214</td>" in html
    assert "a&lt;b&gt;" in html
    assert r"\textbf{c} & \textbf{-}" in table_as_latex(TABLE, "tab")
    for text in (markdown, html):
        assert "seeds" not in text


def test_a_page_sorts_by_raw_numbers():
    html = table_as_html(TABLE)
    for number in ("0.31111", "-0.5", "66.667", "1234.5678"):
        assert f'data-number="{number}"' in html
    assert html.count("data-number") == 4


def test_csv_and_json_have_all_digits_and_what_people_do_not_see():
    first, second = csv.DictReader(io.StringIO(tables_as_csv([({"of": "x"}, TABLE)])))
    assert first == {
        "of": "x",
        "spec": "a<b>",
        "mae [eV]": "0.31111",
        "mae_std [eV]": "0.0214",
        "change_low": "-0.5",
        "change_high": "0.25",
        "rate [crystals/s]": "66.667",
        "rate_marked": "false",
        "seeds": "3",
    }
    assert (second["mae [eV]"], second["rate_marked"]) == ("", "true")
    plain = json.loads(as_json(table_as_plain(TABLE)))
    assert (plain["tested"], plain["share"]) == (7, None)
    row, other = plain["rows"]
    assert row["mae"] == {"mean": 0.31111, "std": 0.0214}
    assert row["change"] == {"low": -0.5, "high": 0.25}
    assert other["rate"] == {"value": 1234.5678, "marked": True}
    assert other["mae"] is None
    assert plain["columns"][1]["unit"] == "eV"


def test_tables_of_other_columns_share_a_file():
    other = TypedTable(
        "made",
        "",
        (TableColumn("spec", "spec"), TableColumn("x", "x")),
        ((("d", "y"),),),
    )
    rows = list(csv.DictReader(io.StringIO(tables_as_csv([({}, TABLE), ({}, other)]))))
    assert [row["spec"] for row in rows] == ["a<b>", "c", "d"]
    assert (rows[0]["x"], rows[2]["x"], rows[2]["mae [eV]"]) == ("", "y", "")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("count", 697601.4, "697,601"),
        ("share", 0.154, "15%"),
        ("change", 0.063, "+6.3 %"),
        ("difference", 0.0331, "+0.0331"),
        ("hundredths", 1.9642, "1.96"),
        ("p", 0.00001, "< 0.0001"),
        ("power", 1.23e-8, "1.2e-08"),
        ("length", 2.8, "2.8000"),
        ("plain", 4.0, "4"),
        ("duration", 12000, "3 h 20 min"),
        ("memory", 2150.0, "2.1 GiB"),
        ("score", True, "yes"),
        ("score", "4-5", "4-5"),
        ("score", math.nan, "undefined"),
    ],
)
def test_each_kind_is_written_in_its_way(kind, value, text):
    assert cell_text(value, TableColumn("x", "x", kind=kind)) == text
