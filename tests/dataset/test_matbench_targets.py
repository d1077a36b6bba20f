"""MatBench's tasks are known by official ids and folds, whole and in part."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from ngn_core.dataset.dataset import Benchmark, DatasetTable, Row
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import declared
from ngn_core.dataset.fold_file import read_fold_file
from ngn_core.dataset.matbench import TASKS
from ngn_core.dataset.matbench_targets import recognize_matbench
from ngn_core.dataset.open import default_target, open_dataset
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError

JDFT2D = TASKS["matbench_jdft2d"]
METAL = TASKS["matbench_mp_is_metal"]


def table(ids, folds=None, name="mine", **columns):
    """Return a table with the target of jdft2d, one row for each id."""
    rows = []
    for place, one in enumerate(ids):
        found = {"exfoliation_en": 10.0 * place, "spg": 1 + place}
        found |= {} if folds is None else {"fold": folds[place]}
        found |= {key: values[place] for key, values in columns.items()}
        rows.append(Row(str(one), f"file:{place}", lambda: None, found))
    return DatasetTable(name, rows, {}, folds={} if folds is None else _folded(columns))


def _folded(columns):
    return dict.fromkeys(["exfoliation_en", "spg", *columns], "fold")


def official(ids):
    return [JDFT2D.official_fold(one) for one in ids]


IDS = [JDFT2D.id(number) for number in range(3, 43)]


@pytest.fixture(scope="module")
def splits():
    found = find_spec("matbench")
    if found is None or found.origin is None:
        pytest.skip("pip install --no-deps matbench==0.6")
    file = Path(found.origin).parent / "matbench_v0.1_validation.json"
    return json.loads(file.read_text())["splits"]


@pytest.fixture(scope="module")
def opened(shared, registry):
    @cache
    def read(folder):
        return open_dataset(str(shared / "data" / folder), registry)

    @cache
    def opened(folder, **said):
        return declared(read(folder), None, DeclarationFlags(**said))

    return opened


# folder, target: task, all rows, sure rows
LOCAL = {
    ("matbench_jdft2d", "exfoliation_en"): ("matbench_jdft2d", 636, 636),
    ("matbench_phonons", "last_phdos_peak"): ("matbench_phonons", 1265, 1265),
    ("matbench_perovskites", "e_form"): ("matbench_perovskites", 17928, 16614),
    ("matbench_dielectric", "n"): ("matbench_dielectric", 4236, 3056),
    ("matbench_log_kgvrh", "log10_K_VRH"): ("matbench_log_kvrh", 9592, 6908),
    ("matbench_log_kgvrh", "log10_G_VRH"): ("matbench_log_gvrh", 9592, 6908),
    ("matbench_mp_subset", "e_form"): ("matbench_mp_e_form", 11782, 11780),
    ("matbench_mp_subset", "gap_pbe"): ("matbench_mp_gap", 11782, 11780),
}


@pytest.mark.parametrize(("folder", "target"), LOCAL)
def test_a_local_folder_has_the_folds_of_the_package(opened, splits, folder, target):
    task, every, sure = LOCAL[folder, target]
    for said, count in (({"all_rows": True}, every), ({}, sure)):
        found = opened(folder, **said)
        assert len(found.rows) == count
        known = found.targets[target]
        assert known.benchmark.name == task
        assert (known.unit, known.per) == (TASKS[task].unit, TASKS[task].per)
        by_fold = {number: [] for number in range(5)}
        for row in found.rows:
            by_fold[row.columns[known.folds]].append(known.benchmark.id_of(row))
        for number, ids in by_fold.items():
            assert ids
            assert set(ids) <= set(splits[task][f"fold_{number}"]["test"])
        assert (count == TASKS[task].rows) == (
            task in {"matbench_jdft2d", "matbench_phonons"}
        )


def test_what_is_left_out_of_a_part_is_said(opened):
    assert opened("matbench_jdft2d").note is None
    assert opened("matbench_perovskites", all_rows=True).note is None
    note = opened("matbench_perovskites").note
    assert "1,314 of 17,928 rows left out" in note
    assert "--all-rows" in note


def test_one_target_is_the_default_and_of_two_both_are_named(opened):
    assert default_target(opened("matbench_jdft2d")) == "exfoliation_en"
    assert default_target(opened("matbench_perovskites")) == "e_form"
    with pytest.raises(DatasetError) as error:
        default_target(opened("matbench_log_kgvrh"))
    assert "log10_K_VRH (matbench_log_kvrh), log10_G_VRH" in str(error.value)
    assert "spg" not in str(error.value)


def test_rows_that_share_an_official_id_are_told_and_left_out(opened):
    found = opened("matbench_mp_subset")
    assert "one of them is: mb-mp-gap-095750. 2 of 11,782 rows left out" in found.note
    left = {row.columns["mb_gap_id"] for row in found.rows}
    assert len(left) == len(found.rows)
    assert "mb-mp-gap-095750" not in left


def test_another_condition_on_the_same_column_wins(opened):
    found = opened("matbench_dielectric", where=("tier=B",))
    assert {row.columns["tier"] for row in found.rows} == {"B"}
    assert len(found.rows) == 1071


def test_a_part_is_called_so_and_knows_its_ids(opened):
    found = select(opened("matbench_dielectric"), "n", limit=20)
    assert found.called == "part of matbench_dielectric"
    assert found.fold_source == "official"
    assert found.benchmark.rows == 4764
    numbers = [TASKS["matbench_dielectric"].number[one] for one in found.benchmark.ids]
    assert len(numbers) == 20
    whole = opened("matbench_jdft2d")
    assert select(whole, "exfoliation_en").called == "matbench_jdft2d"
    assert select(whole, "exfoliation_en", limit=600).called.startswith("part of")
    assert select(whole, "spg", limit=9).called == "matbench_jdft2d"


def test_a_column_may_hold_the_ids():
    found = recognize_matbench(table(range(40), official(IDS), mb_id=IDS))
    expected = Benchmark("matbench_jdft2d", 636, "fold", "mb_id")
    assert found.targets["exfoliation_en"].benchmark == expected
    assert found.default == "exfoliation_en"
    assert "spg" not in found.targets


def test_folds_that_are_not_there_are_filled_in():
    found = recognize_matbench(table(IDS))
    column = found.targets["exfoliation_en"].folds
    assert [row.columns[column] for row in found.rows] == official(IDS)


def test_other_ids_are_another_dataset():
    other = table([f"x{i}" for i in range(8)], [0, 1] * 4)
    assert recognize_matbench(other) == other
    mixed = table([*IDS[:2], "x", "y"], [0, 1, 0, 1])
    assert recognize_matbench(mixed) == mixed


def test_a_positive_value_asks_another_question():
    said = DeclarationFlags(positive="10.0")
    found = declared(table(IDS, official(IDS)), None, said, ["exfoliation_en"])
    target = found.targets["exfoliation_en"]
    assert (target.task, target.benchmark) == ("binary", None)


@pytest.mark.parametrize("wrong", ["mb-jdft2d-637", "mb-jdft2d-1", "jdft2d-001", "x"])
def test_an_id_that_the_task_has_not_is_named(wrong):
    ids = [*IDS, wrong]
    with pytest.raises(DatasetError) as error:
        recognize_matbench(table(ids, [*official(IDS), 0]))
    for part in ("1 of 41 rows", "matbench_jdft2d", wrong, "mb-jdft2d-636"):
        assert part in str(error.value)


@pytest.mark.parametrize("fold", [None, 7, "a", 1.5, True])
def test_a_row_in_another_fold_is_named_with_task_and_fold(fold):
    folds = official(IDS)
    folds[3] = (folds[3] + 1) % 5 if fold is None else fold
    with pytest.raises(DatasetError) as error:
        recognize_matbench(table(IDS, folds))
    right = JDFT2D.official_fold(IDS[3])
    for part in (
        f"fold {folds[3]!r}",
        "matbench_jdft2d",
        f"{IDS[3]} (officially {right})",
    ):
        assert part in str(error.value)


def test_the_name_of_a_task_with_other_ids_is_refused():
    with pytest.raises(DatasetError, match="has other ids|have other ids"):
        recognize_matbench(table(["a", "b"], [0, 1], name="matbench_jdft2d"))


def test_folds_of_a_part_of_the_metals_are_taken_and_that_is_said():
    ids = [METAL.id(number) for number in range(1, 11)]
    rows = [
        Row(one, "x", lambda: None, {"is_metal": i % 2 == 0, "fold": i % 5})
        for i, one in enumerate(ids)
    ]
    found = recognize_matbench(
        DatasetTable("mine", rows, {}, folds={"is_metal": "fold"})
    )
    target = found.targets["is_metal"]
    assert (target.task, target.unit) == ("binary", "")
    assert target.benchmark.name == "matbench_mp_is_metal"
    assert "taken as they are" in found.note


@pytest.fixture
def read(tmp_path):
    """Return a function that reads folds from a file, for a part of jdft2d."""
    found = recognize_matbench(table(IDS, official(IDS)))
    benchmark = found.targets["exfoliation_en"].benchmark
    file = tmp_path / "folds.json"

    def write_and_read(plain):
        file.write_text(json.dumps(plain))
        return read_fold_file(file, found, benchmark)

    return write_and_read


def as_matbench():
    ids = list(JDFT2D.number)
    return {
        f"fold_{number}": {
            "train": [one for one in ids if JDFT2D.official_fold(one) != number],
            "test": [one for one in ids if JDFT2D.official_fold(one) == number],
        }
        for number in range(5)
    }


def test_a_file_with_the_official_folds_is_the_official_folds(read):
    found = read(as_matbench())
    assert (found.source, found.n_folds, found.roles) == ("official", 5, None)
    assert [found.fold[one] for one in IDS] == official(IDS)


def test_lists_are_folds_of_ones_own(read):
    assert read({"folds": [IDS[:20], IDS[20:]]}).source == "of folds.json"


def test_a_file_as_matbench_writes_it_with_other_folds_is_refused(read):
    tested, other = [], []
    plain = as_matbench()
    wrong = plain["fold_1"]["test"].pop()
    plain["fold_2"]["test"].append(wrong)
    tested.append(
        f"fold 2 tests on rows of other folds: {wrong} (officially in fold 1)"
    )
    plain["fold_3"]["test"][0] = "mb-jdft2d-999"
    tested.append("fold 3 names what are no ids of matbench_jdft2d: mb-jdft2d-999")
    here = next(one for one in IDS if JDFT2D.official_fold(one) == 4)
    plain["fold_4"]["train"].append(here)
    tested.append(f"fold 4 trains on its test part: {here}")
    plain["fold_4"]["test"].remove(here)
    tested.append(f"fold 4 does not test on: {here}")
    other = next(one for one in IDS if JDFT2D.official_fold(one) == 4)
    plain["fold_0"]["train"].remove(other)
    tested.append(f"fold 0 does not train on: {other}")
    with pytest.raises(DatasetError) as error:
        read(plain)
    for sentence in tested:
        assert sentence in str(error.value)


def test_a_missing_fold_is_named(read):
    plain = as_matbench()
    del plain["fold_4"]
    with pytest.raises(DatasetError, match="found 4 folds; expected 5"):
        read(plain)
