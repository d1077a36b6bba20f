from __future__ import annotations

import pytest

import ngn_core.api as ngn
from ngn_plugins.datasets.numeric_columns import (
    fold_of,
    folds_by_column,
    numeric_targets,
)


@pytest.mark.parametrize(
    ("target", "columns", "fold"),
    [
        ("e_form", ["fold_e_form", "fold_gap", "fold"], "fold_e_form"),
        ("gap_pbe", ["fold_e_form", "fold_gap"], "fold_gap"),
        ("gap_pbe", ["fold_gap", "fold_gap_pbe"], "fold_gap_pbe"),
        ("gap_pbe", ["fold_g", "fold"], "fold"),
        ("gapless", ["fold_gap"], None),
        ("gap", ["fold_gap_pbe", "fold"], "fold"),
        ("n", ["n", "spg"], None),
    ],
)
def test_the_folds_of_a_target_are_found_by_name(target, columns, fold):
    assert fold_of(target, columns) == fold


def test_columns_of_numbers_are_targets_and_folds_are_not():
    columns = [
        {"y": 1.5, "count": 2, "flag": True, "tag": "a", "dos": [1.0], "fold": 0},
        {"y": None, "count": 3, "flag": False, "tag": "b", "dos": [2.0], "fold": 1},
        {"y": 1, "mixed": 1.0, "nothing": None},
        {"y": 1, "mixed": "high", "nothing": None},
    ]
    rows = [ngn.Row(str(i), "x", None, found) for i, found in enumerate(columns)]
    targets = numeric_targets(rows)
    assert list(targets) == ["y", "count", "flag"]
    assert targets["y"] == ngn.Target("?", None, "fold")
    assert targets["count"].unit == "?"
    folds = folds_by_column(rows)
    assert {folds[name] for name in ("y", "tag", "mixed", "nothing")} == {"fold"}
    assert "fold" not in folds
