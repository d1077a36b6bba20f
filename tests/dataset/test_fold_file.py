from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.dataset.dataset import DatasetTable, Row
from ngn_core.dataset.fold_file import read_fold_file
from ngn_core.dataset.roles import TEST, TRAIN, UNUSED, VALIDATION
from ngn_core.errors import DatasetError

IDS = [f"c{i}" for i in range(6)]


def table(ids=IDS):
    return DatasetTable(
        "zoo", [Row(name, "here", lambda: None, {}) for name in ids], {}
    )


@pytest.fixture
def read(tmp_path):
    def write_and_read(plain, ids=IDS):
        file = tmp_path / "folds.json"
        file.write_text(plain if isinstance(plain, str) else json.dumps(plain))
        return read_fold_file(file, table(ids))

    return write_and_read


def test_lists_of_ids_are_test_parts(read):
    found = read({"folds": [["c0", "c3"], ["c1"], ["c2", "c5", "c4"]]})
    assert (found.n_folds, found.source, found.roles) == (3, "of folds.json", None)
    fold, roles = found.of(IDS)
    assert fold.tolist() == [0, 1, 2, 0, 2, 2]
    assert roles is None
    assert found.of(["c5", "c1"])[0].tolist() == [2, 1]


def test_parts_may_be_written_out(read):
    fold = {"train": ["c0", "c1"], "validation": ["c2"], "test": ["c3", "c4"]}
    other = {"train": ["c3", "c5"], "test": ["c0"]}
    fold, roles = read({"folds": [fold, other]}).of(IDS)
    assert fold.tolist() == [1, -1, -1, 0, 0, -1]
    assert roles.tolist() == [
        [TRAIN, TRAIN, VALIDATION, TEST, TEST, UNUSED],
        [TEST, UNUSED, UNUSED, TRAIN, UNUSED, TRAIN],
    ]


def test_without_a_training_part_all_others_are_trained_on(read):
    (_, roles) = read({"folds": [{"validation": ["c1"], "test": ["c0"]}]}).of(IDS)
    assert roles.tolist() == [[TEST, VALIDATION, TRAIN, TRAIN, TRAIN, TRAIN]]


def test_folds_as_matbench_writes_them_are_read(read):
    tests = [["c0", "c1"], ["c2", "c3"], ["c4", "c5"]]
    plain = {
        f"fold_{i}": {"train": [c for c in IDS if c not in test], "test": test}
        for i, test in enumerate(tests)
    }
    plain = dict(reversed(plain.items()))
    fold, roles = read(plain).of(IDS)
    assert fold.tolist() == [0, 0, 1, 1, 2, 2]
    expected = np.where(np.arange(3)[:, None] == fold, TEST, TRAIN)
    assert (roles == expected).all()
    assert (read({"folds": plain}).of(IDS)[1] == roles).all()


def test_ids_may_be_numbers(read):
    assert read({"folds": [[1], [2]]}, ["1", "2"]).of(["1", "2"])[0].tolist() == [0, 1]


@given(
    st.lists(
        st.tuples(st.sampled_from([*IDS, "x", "y"]), st.integers(0, 2)),
        min_size=1,
        max_size=12,
    )
)
def test_a_file_is_read_where_each_id_is_tested_once_and_refused_else(
    tmp_path_factory, pairs
):
    folds = [[name for name, fold in pairs if fold == number] for number in range(3)]
    folds = [fold for fold in folds if fold]
    file = tmp_path_factory.mktemp("folds") / "folds.json"
    file.write_text(json.dumps({"folds": folds}))
    names = [name for name, _ in pairs]
    fits = sorted(names) == sorted(IDS) and len(folds) > 1
    if fits:
        found = read_fold_file(file, table())
        assert all(folds[fold].count(name) == 1 for name, fold in found.fold.items())
        return
    with pytest.raises(DatasetError) as error:
        read_fold_file(file, table())
    if len(folds) > 1:
        text = str(error.value)
        for name in {name for name in names if names.count(name) > 1}:
            assert name in text.split("occur twice: ")[1].split("\n")[0]
        for name in set(IDS) - set(names):
            assert name in text.split("are not in the file: ")[1].split("\n")[0]
        for name in set(names) - set(IDS):
            assert name in text.split("are not in zoo: ")[1].split("\n")[0]


def test_an_id_in_two_parts_of_a_fold_or_two_test_parts_is_named(read):
    with pytest.raises(DatasetError, match="1 occur twice: c0$"):
        read({"folds": [{"train": ["c0", "c1"], "test": ["c0"]}, {"test": ["c2"]}]})
    with pytest.raises(DatasetError, match="1 occur twice: c1$"):
        read({"folds": [{"test": ["c1"]}, {"test": ["c2", "c1"]}]})


def test_rows_in_no_part_are_named_where_all_training_parts_are_written_out(read):
    with pytest.raises(DatasetError, match="2 are not in the file: c4, c5$"):
        read({"folds": [{"train": ["c0", "c1"], "test": ["c2", "c3"]}]})


def test_the_first_twenty_are_listed(read):
    ids = [f"c{i}" for i in range(50)]
    with pytest.raises(DatasetError) as error:
        read({"folds": [["c0"], ["c1"]]}, ids)
    text = str(error.value)
    assert "48 are not in the file: c2, " in text
    assert "c21, ... (28 more)" in text


@pytest.mark.parametrize(
    ("plain", "found"),
    [
        ("{", "not JSON"),
        ("[" * 200_000, "not JSON"),
        ([], "found no folds"),
        ({"folds": []}, "found no folds"),
        ({"parts": [["c0"]]}, "found no folds"),
        ({"folds": [IDS]}, "found 1 list"),
        ({"folds": [["c0"], []]}, "fold 1 cannot be read"),
        ({"folds": [["c0"], "c1"]}, "fold 1 cannot be read"),
        ({"folds": [{"train": ["c0"]}]}, "fold 0 cannot be read"),
        ({"folds": [{"test": ["c0"], "other": ["c1"]}]}, "fold 0 cannot be read"),
        ({"folds": [[None], ["c1"]]}, "fold 0 cannot be read"),
        ({"folds": [{"test": "c0"}]}, "fold 0 cannot be read"),
    ],
)
def test_other_files_are_refused_with_what_is_right(read, plain, found):
    with pytest.raises(DatasetError, match=found) as error:
        read(plain)
    assert '{"folds": [[id, ...], ...]}' in str(error.value)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(DatasetError, match=r"none\.json: cannot be opened: No such"):
        read_fold_file(tmp_path / "none.json", table())
