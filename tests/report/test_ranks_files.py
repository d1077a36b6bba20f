"""Ranks over several tasks as JSON and CSV."""

import csv
import io
import json

import numpy as np

from ngn_core.report.files import write_report
from ngn_core.report.formats.csv_file import tables_as_csv
from ngn_core.report.formats.json_file import table_as_plain
from ngn_core.summary.ranks import ranked_tasks
from ngn_core.summary.ranks_table import ranks_table


def test_every_rank_is_there_once_with_what_was_tested():
    errors = np.tile([3.0, 1.0, 2.0, 4.0], (12, 1))
    tasks = [f"task {number}" for number in range(12)]
    found = ranked_tasks(tasks, "abcd", errors, ("e",))
    table = ranks_table(found)
    plain = json.loads(json.dumps(table_as_plain(table)))
    assert [one["spec"] for one in plain["rows"]] == list("bcad")
    assert plain["rows"][0] == {"spec": "b", "mean_rank": 1.0} | dict.fromkeys(tasks, 1)
    assert plain["critical_difference"] == found.critical_difference
    assert plain["friedman_p"] == found.p < 0.05
    assert plain["not_separated"] == [["b", "c"], ["c", "a"], ["a", "d"]]
    assert plain["not_ranked"] == ["e"]
    rows = list(csv.DictReader(io.StringIO(tables_as_csv([({}, table)]))))
    assert len(rows) == 4
    (last,) = (row for row in rows if row["spec"] == "d")
    assert {(task, last[task]) for task in tasks} == {(task, "4.0") for task in tasks}


def test_what_was_not_tested_is_null():
    found = ranked_tasks(["one", "two"], "ab", np.array([[1.0, 2.0], [2.0, 1.0]]))
    plain = table_as_plain(ranks_table(found))
    assert plain["friedman_p"] is None
    assert plain["critical_difference"] is None


def test_several_tasks_have_the_files_and_one_has_not(
    comparison, comparisons, tmp_path
):
    write_report(comparisons, tmp_path / "two")
    plain = json.loads((tmp_path / "two" / "ranks.json").read_text())
    assert plain["tasks"] == ["made: gap", "made: mass"]
    assert (tmp_path / "two" / "ranks.csv").exists()
    write_report(comparison, tmp_path / "one")
    assert not list((tmp_path / "one").glob("ranks.*"))
