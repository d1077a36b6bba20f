from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.dataset import DatasetTable, Row, Target
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError

NAN = float("nan")


def official(unit="eV", task=None):
    return {"y": Target(unit, task, "fold")}


def test_a_table_becomes_a_set_in_the_order_of_its_rows(make_table):
    table = make_table({"y": [1.5, 2.5, 3.5]}, {"y": Target("eV/atom")})
    found = select(table, "y")
    assert found.name == "zoo"
    assert found.note == "a note"
    assert found.ids == ("c0", "c1", "c2")
    assert found.where == ("file:1", "file:2", "file:3")
    assert [c.lattice[0, 0] for c in found.crystals] == pytest.approx([3.0, 3.1, 3.2])
    assert (found.target.name, found.target.unit) == ("y", "eV/atom")
    assert found.target.values.tolist() == [1.5, 2.5, 3.5]
    assert found.target.values.dtype == np.float64
    assert found.skipped == ()
    assert len(found) == 3


def test_without_a_target_there_are_no_folds(make_table):
    found = select(make_table({"y": [1.0, 2.0]}), None)
    assert found.target is None
    assert found.fold is None
    assert found.n_folds == 0
    assert len(found) == 2


# folds


def test_official_folds_are_used(make_table):
    fold = [2, 0, 1, 0, 2, 1]
    table = make_table({"y": range(6), "fold": fold}, official())
    found = select(table, "y")
    assert found.fold.tolist() == fold
    assert found.n_folds == 3
    assert found.fold_source == "official"


def test_without_official_folds_there_are_none_yet(make_table):
    found = select(make_table({"y": [0.5] * 9}), "y")
    assert found.fold is None
    assert found.n_folds == 0
    assert found.fold_source == ""


def test_a_row_without_an_official_fold_is_named(make_table):
    fold = [0, 1, None, -1, 0.5, True]
    table = make_table({"y": range(6), "fold": fold}, official())
    with pytest.raises(DatasetError) as error:
        select(table, "y")
    assert "4 rows have no fold in the column 'fold'" in str(error.value)
    for place in ("c2 (file:3): None", "c3 (file:4): -1", "0.5", "True"):
        assert place in str(error.value)


@pytest.mark.parametrize("fold", [[1, 2, 1, 2], [0, 2, 0, 2], [0, 0, 0, 0]])
def test_official_folds_count_from_zero_without_gap(make_table, fold):
    table = make_table({"y": range(4), "fold": fold}, official())
    with pytest.raises(DatasetError, match="expected at least two, 0, 1, "):
        select(table, "y")


def test_an_official_fold_that_was_skipped_away_is_named(make_table):
    table = make_table(
        {"y": range(4), "fold": [0, 1, 0, 2]}, official(), bad={1: "broken"}
    )
    with pytest.raises(DatasetError, match="test part of fold 1 of 3"):
        select(table, "y", on_bad_structure="skip")


# limit


def test_a_limit_keeps_the_shares_of_folds_and_the_order(make_table):
    fold = [0] * 60 + [1] * 30 + [2] * 10
    table = make_table({"y": range(100), "fold": fold}, official())
    found = select(table, "y", limit=20)
    assert np.bincount(found.fold).tolist() == [12, 6, 2]
    places = found.target.values.tolist()
    assert places == sorted(places)
    assert found.ids == select(table, "y", limit=20).ids
    assert found.ids != select(table, "y", limit=20, seed=1).ids


def test_a_limit_leaves_no_fold_empty(make_table):
    fold = [0] * 97 + [1, 2, 3]
    table = make_table({"y": range(100), "fold": fold}, official())
    assert set(select(table, "y", limit=4).fold) == {0, 1, 2, 3}


def test_a_limit_keeps_the_shares_of_classes(make_table):
    table = make_table({"y": [1] * 20 + [0] * 80})
    assert select(table, "y", limit=10).target.values.sum() == 2


def test_a_limit_above_the_number_of_rows_changes_nothing(make_table):
    table = make_table({"y": [0.5 * i for i in range(10)]})
    assert select(table, "y", limit=99).digest == select(table, "y").digest


@pytest.mark.parametrize(
    ("target", "limit"), [("y", 2), ("y", 0), (None, 0), (None, -1)]
)
def test_a_limit_below_the_number_of_folds_is_refused(make_table, target, limit):
    table = make_table({"y": range(10), "fold": [0, 1, 2, 0, 1] * 2}, official())
    with pytest.raises(DatasetError, match=f"limit of {limit} rows; expected at least"):
        select(table, target, limit=limit)


def test_only_rows_within_the_limit_are_read(make_table):
    table = make_table({"y": [0.5 * i for i in range(30)]})
    read = []

    def counted(row):
        def crystal():
            read.append(row.id)
            return row.crystal()

        return Row(row.id, row.where, crystal, row.columns)

    counting = DatasetTable(table.name, [counted(row) for row in table.rows], {})
    assert list(select(counting, "y", limit=7).ids) == read


# bad rows


def test_all_bad_crystals_are_named_at_once(make_table):
    bad = {1: "broken", 3: "shared", 5: "unknown"}
    table = make_table({"y": [0.5 * i for i in range(12)]}, bad=bad)
    with pytest.raises(DatasetError) as error:
        select(table, "y")
    text = str(error.value)
    assert "2 of 12 rows cannot be used" in text
    assert "--on-bad-structure skip" in text
    assert "1 of 12 rows have disordered sites" in text
    assert "--on-disorder average" in text
    assert "c1 (file:2): no atoms were found" in text
    assert "c3 (file:4): site 0 is partly occupied or shared" in text
    assert "c5 (file:6): site 0 holds an element outside the table (Z=119)" in text


def test_atoms_on_top_of_each_other_are_listed_with_the_other_bad_rows(make_table):
    sodium = ((11, 1.0),)
    near = np.array([[0.0, 0.0, 0.0], [0.025, 0.025, 0.025]])
    overlapping = Crystal(np.eye(3) * 4.0, near, (sodium, sodium))
    flat = Crystal(np.diag([4.0, 4.0, 0.0]), np.zeros((1, 3)), (sodium,))
    table = make_table({"y": [0.5 * i for i in range(12)]}, bad={1: "broken"})
    rows = list(table.rows)
    rows[4] = replace(rows[4], crystal=lambda: overlapping)
    rows[6] = replace(rows[6], crystal=lambda: flat)
    table = replace(table, rows=rows)
    with pytest.raises(DatasetError) as error:
        select(table, "y")
    text = str(error.value)
    assert "3 of 12 rows cannot be used" in text
    assert "c1 (file:2): no atoms were found" in text
    assert re.search(
        r"c4 \(file:5\): atom . \(Na\) and atom . \(Na\) are 0.173 Å", text
    )
    assert "c6 (file:7): the cell has no volume" in text
    found = select(table, "y", on_bad_structure="skip")
    assert [s.id for s in found.skipped] == ["c1", "c4", "c6"]


def test_one_is_counted_in_the_singular(make_table):
    table = make_table({"y": range(4), "fold": [0, 1] * 2}, official())
    with pytest.raises(DatasetError, match="a limit of 1 row; expected"):
        select(table, "y", limit=1)
    table = make_table({"y": range(3), "fold": [0, 1, None]}, official())
    with pytest.raises(DatasetError, match="1 row has no fold"):
        select(table, "y")


def test_skipped_rows_are_listed_and_the_others_kept(make_table):
    bad = {1: "broken", 3: "shared"}
    table = make_table({"y": [0.5 * i for i in range(12)]}, bad=bad)
    found = select(table, "y", on_bad_structure="skip", on_disorder="skip")
    assert [(s.id, s.where) for s in found.skipped] == [
        ("c1", "file:2"),
        ("c3", "file:4"),
    ]
    assert found.skipped[0].reason == "no atoms were found"
    assert len(found) == 10
    assert "c1" not in found.ids
    assert found.target.values[1] == 1.0


@pytest.mark.parametrize("value", [NAN, None, "high", float("inf"), [1.0, 2.0], ""])
def test_a_target_that_is_no_number_follows_the_policy(make_table, value):
    table = make_table({"y": [0.5, 1.5, value, 2.5, 3.5, 4.5]})
    with pytest.raises(DatasetError, match=r"c2 \(file:3\): target y is") as error:
        select(table, "y")
    assert repr(value) in str(error.value)
    found = select(table, "y", on_bad_structure="skip")
    assert [skipped.id for skipped in found.skipped] == ["c2"]
    assert np.isfinite(found.target.values).all()


def test_a_row_with_two_mistakes_names_both(make_table):
    table = make_table({"y": [NAN, 1.5, 2.5]}, bad={0: "broken"})
    found = select(table, "y", on_bad_structure="skip")
    assert found.skipped[0].reason == (
        "no atoms were found; target y is nan; expected a number"
    )


def test_long_lists_of_bad_rows_are_counted(make_table):
    table = make_table({"y": range(50)}, bad=dict.fromkeys(range(45), "broken"))
    with pytest.raises(DatasetError, match="and 25 more") as error:
        select(table, "y")
    assert str(error.value).count("no atoms were found") == 20


@pytest.mark.parametrize("policy", ["error", "skip"])
def test_a_set_without_any_good_row_is_an_error(make_table, policy):
    table = make_table({"y": [1.0, 2.0]}, bad={0: "broken", 1: "broken"})
    with pytest.raises(DatasetError, match="2 of 2 rows .* no row is left"):
        select(table, "y", on_bad_structure=policy)


@pytest.mark.parametrize("policy", ["error", "skip"])
def test_ids_that_occur_twice_are_all_named(make_table, policy):
    table = make_table({"y": range(6)}, ids=["a", "b", "a", "c", "b", "d"])
    with pytest.raises(DatasetError) as error:
        select(table, "y", on_bad_structure=policy)
    assert "2 ids occur more than once" in str(error.value)
    with pytest.raises(DatasetError, match="1 id occurs more than once"):
        select(make_table({"y": [0.5] * 3}, ids=["a", "b", "a"]), "y")
    assert "a: file:1, file:3" in str(error.value)
    assert "b: file:2, file:5" in str(error.value)


def test_an_empty_table_is_an_error():
    with pytest.raises(DatasetError, match="empty"):
        select(DatasetTable("zoo", [], {}), None)


# targets


def test_a_missing_target_suggests_another(make_table):
    table = make_table(
        {"energy": [1.0, 2.0], "gap": [0.0, None], "tag": ["a", "b"], "fold": [0, 1]},
        {"energy": Target("eV", folds="fold")},
    )
    with pytest.raises(DatasetError) as error:
        select(table, "enrgy")
    assert "no column 'enrgy' for the target" in str(error.value)
    assert "found the columns of numbers energy, gap." in str(error.value)
    assert "Did you mean 'energy'?" in str(error.value)
    with pytest.raises(DatasetError, match="Did you mean 'gap'"):
        select(table, "GAP")


@pytest.mark.parametrize("policy", ["error", "skip"])
def test_a_column_without_any_number_cannot_be_the_target(make_table, policy):
    with pytest.raises(DatasetError, match="'tag' cannot be the target.*'a'"):
        select(make_table({"tag": ["a", "b"]}), "tag", on_bad_structure=policy)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([0, 1, 1, 0, 1], "binary"),
        ([True, False, True, False, True], "binary"),
        ([np.bool_(True), np.float64(0.0), 1.0, 0, 1], "binary"),
        ([0.0, 1.0, 0.5, 0.0, 1.0], "regression"),
        ([0, 1, 2, 1, 0], "regression"),
    ],
)
def test_the_task_is_read_off_the_values(make_table, values, task):
    assert select(make_table({"y": values}), "y").target.task == task


def test_a_declared_task_is_kept(make_table):
    table = make_table({"y": [0, 1, 1, 0, 1]}, {"y": Target("eV", "regression")})
    assert select(table, "y").target.task == "regression"


def test_a_binary_target_holds_zeros_and_ones(make_table):
    table = make_table({"y": [0, 1, 0.5, 0, 1]}, {"y": Target("", "binary")})
    with pytest.raises(DatasetError, match="target y is 0.5; expected 0 or 1"):
        select(table, "y")


def test_an_undeclared_target_has_an_unknown_unit(make_table):
    assert select(make_table({"y": [0.5] * 5}), "y").target.unit == "?"


# state


def test_numbers_are_a_state(make_table):
    table = make_table({"y": [0.5, 1.5], "pressure": [0, 2.5]})
    state = select(table, "y", state="pressure").state
    assert state.numbers.tolist() == [0.0, 2.5]
    assert state.codes is None
    assert state.labels == ()


def test_labels_are_a_state(make_table):
    table = make_table({"functional": ["pbe", "hse", "pbe"]})
    state = select(table, None, state="functional").state
    assert state.labels == ("hse", "pbe")
    assert state.codes.tolist() == [1, 0, 1]
    assert state.numbers is None


def test_truth_values_are_labels(make_table):
    table = make_table({"magnetic": [True, False]})
    assert select(table, None, state="magnetic").state.labels == ("false", "true")


def test_a_state_of_numbers_and_labels_is_refused(make_table):
    table = make_table({"mix": [1.0, "a"]})
    with pytest.raises(DatasetError, match=r"1.0 in row c0.*'a' in row c1"):
        select(table, None, state="mix")


@pytest.mark.parametrize("value", [None, NAN, "", [1]])
def test_a_missing_state_follows_the_policy(make_table, value):
    other = "a" if value == "" else 2.0
    table = make_table({"s": [other, value]})
    with pytest.raises(DatasetError, match=r"c1 \(file:2\): state s is"):
        select(table, None, state="s")
    found = select(table, None, state="s", on_bad_structure="skip")
    assert found.ids == ("c0",)


def test_the_target_is_no_state(make_table):
    targets = {"gap": Target("eV", column="y"), "y": Target()}
    table = make_table({"y": [1.0, 2.0]}, targets)
    for target in targets:
        with pytest.raises(DatasetError, match=f"holds the target {target}; expected"):
            select(table, target, state="y")


def test_a_missing_state_column_suggests_another(make_table):
    table = make_table({"pressure": [1.0, 2.0]})
    with pytest.raises(DatasetError, match="Did you mean 'pressure'"):
        select(table, None, state="pressures")


def test_a_state_without_any_value_is_refused(make_table):
    with pytest.raises(DatasetError, match="cannot be the state"):
        select(make_table({"s": [None, None]}), None, state="s")
