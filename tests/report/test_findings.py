"""What is kept of a comparison: tables of raw values, and files that hold them all."""

import json
from dataclasses import FrozenInstanceError

import pytest

from ngn_core.report.files import write_report
from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import Marked


@pytest.fixture(scope="module")
def tables(comparisons):
    return [table for found in comparisons.parts for table in found.tables]


def test_every_row_has_a_cell_for_each_column_and_names_are_unique(tables):
    for table in tables:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert all(len(row) == len(names) for row in table.rows)
        assert table.marked <= {row[0] for row in table.rows}


def test_numbers_are_kept_as_numbers(tables):
    scores = {table.name: table for table in tables}["scores"]
    for row in map(scores.by_name, scores.rows):
        assert isinstance(row["mae"], Spread)
    verdicts = {table.name: table for table in tables}["verdicts"]
    for row in map(verdicts.by_name, verdicts.rows):
        assert isinstance(row["relative_95"], Interval)
    costs = {table.name: table for table in tables}["costs"]
    for row in map(costs.by_name, costs.rows):
        assert isinstance(row["parameters"], Marked)
        assert isinstance(row["parameters"].value, float)


def test_what_was_found_cannot_be_changed(comparisons):
    with pytest.raises(FrozenInstanceError):
        comparisons.parts[0].tables = ()


def test_every_table_of_numbers_is_in_a_file_and_in_json(comparisons, tmp_path):
    files = {file.name for file in write_report(comparisons, tmp_path)}
    plain = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    for found, told in zip(comparisons.parts, plain, strict=True):
        names = [table.name for table in found.at("data")]
        assert [table["name"] for table in told["tables"]] == names
        assert {f"{name}.csv" for name in names} <= files
        for table, said in zip(found.at("data"), told["tables"], strict=True):
            assert len(said["rows"]) == sum(map(len, table.groups))
