from __future__ import annotations

import csv
import gzip
import io

import pytest

import ngn_core.api as ngn
from ngn_core.dataset.select import select
from ngn_plugins.datasets.cells import cell_value
from ngn_plugins.datasets.csv_file import CSVFile


@pytest.fixture
def load(tmp_path):
    """Return a function that writes lines into a CSV file and loads it."""

    def load(*lines, name="salts.csv"):
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        content = text.getvalue().encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
        return CSVFile().load(str(path))

    return load


@pytest.mark.parametrize("name", ["salts.csv", "salts.csv.gz"])
@pytest.mark.parametrize("column", ["cif", "structure", "cif_text"])
def test_a_crystal_a_line(load, cif, name, column):
    table = load(
        ["material_id", column, "gap", "fold_gap"],
        ["mp-1", cif, "1.5", "1"],
        ["mp-2", cif, "", "0"],
        name=name,
    )
    assert table.name == "salts"
    assert [row.id for row in table.rows] == ["mp-1", "mp-2"]
    assert table.rows[0].columns == {"gap": 1.5, "fold_gap": 1}
    assert table.rows[1].columns == {"gap": None, "fold_gap": 0}
    assert table.rows[0].crystal().numbers.tolist() == [11, 17]
    assert table.targets == {"gap": ngn.Target("?", None, "fold_gap")}


def test_a_line_is_named_by_where_it_starts(load, cif):
    table = load(["id", "cif"], ["a", cif], ["b", cif])
    height = cif.count("\n") + 1
    assert [row.where.rsplit(":", 1)[1] for row in table.rows] == ["2", str(2 + height)]


def test_a_cif_may_be_long(load, cif):
    long = cif + "#" * 200_000
    assert load(["id", "cif"], ["a", long]).rows[0].crystal() is not None
    assert csv.field_size_limit() == 131072


@pytest.mark.parametrize(
    ("header", "cells", "ids"),
    [
        (["gap", "name", "cif"], [["1.5", "x"], ["2.5", "y"]], ["x", "y"]),
        (["", "gap", "cif"], [["0", "1.5"], ["7", "1.5"]], ["0", "7"]),
        (["gap", "tag", "cif"], [["1.5", "x"], ["2.5", "x"]], ["1", "2"]),
        (["tag", "id", "cif"], [["x", "8"], ["y", "9"]], ["8", "9"]),
    ],
)
def test_where_ids_come_from(load, cif, header, cells, ids):
    table = load(header, *([*line, cif] for line in cells))
    assert [row.id for row in table.rows] == ids


def test_without_a_cif_column_the_columns_are_listed(load):
    with pytest.raises(ngn.DatasetError, match="found the columns id, gap; expected"):
        load(["id", "gap"], ["a", "1"])


@pytest.mark.parametrize("lines", [[], [["id", "cif"]]])
def test_a_file_without_rows_is_an_error(load, lines):
    with pytest.raises(ngn.DatasetError, match="holds no rows"):
        load(*lines)


def test_a_line_with_too_few_cells_is_named(load, cif):
    with pytest.raises(ngn.DatasetError, match="salts.csv:2: found 2 cells; expected"):
        load(["id", "cif", "gap"], ["a", "x"], ["b", cif, "1"])


def test_odd_crystals_follow_the_policy(load, cif, odd_cifs):
    lines = [[name, text, "1.5"] for name, text in odd_cifs.items()]
    table = load(
        ["id", "cif", "gap"], ["a", cif, "1.5"], ["b", cif, "2"], ["c", "", "3"], *lines
    )
    with pytest.raises(ngn.DatasetError, match="3 of 6 rows"):
        select(table, "gap")
    found = select(table, "gap", on_bad_structure="skip", on_disorder="skip")
    assert found.ids == ("a", "b")


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(ngn.DatasetError, match="there is no such file"):
        CSVFile().load(str(tmp_path / "salts.csv"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        ("-3", -3),
        ("1e3", 1000.0),
        ("True", True),
        ("false", False),
        ("", None),
        ("1_000", "1_000"),
        ("mp-1", "mp-1"),
        ("inf", float("inf")),
    ],
)
def test_cells_are_numbers_where_they_read_like_numbers(text, value):
    assert cell_value(text) == value
    assert type(cell_value(text)) is type(value)


@pytest.mark.parametrize("ids", ["id", "name of it"])
def test_a_stream_has_the_rows_of_the_table(tmp_path, cif, ids):
    file = tmp_path / "many.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([ids, "cif", "gap"])
        writer.writerows([f"x{number}", cif, number / 8] for number in range(5))
    streamed = list(CSVFile().stream(str(file)))
    wanted = CSVFile().load(str(file)).rows
    told = [(row.id, row.where, row.columns) for row in streamed]
    assert told == [(row.id, row.where, row.columns) for row in wanted]
    assert len(streamed[3].crystal().numbers) == len(wanted[3].crystal().numbers)


def test_a_stream_gives_what_stands_before_a_fault(tmp_path, cif):
    file = tmp_path / "cut.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "cif"])
        writer.writerows([f"x{number}", cif] for number in range(3))
        stream.write('x3,"data_cut')
    rows = CSVFile().stream(str(file))
    assert [next(rows).id for _ in range(3)] == ["x0", "x1", "x2"]
    with pytest.raises(ngn.DatasetError, match="is not CSV"):
        next(rows)
