"""Ranks over tasks, against the worked example of Demsar 2006."""

from types import SimpleNamespace

import numpy as np
import pytest

from ngn_core.summary.comparison import Line, ScoreColumn
from ngn_core.summary.ranks import ranked_tasks, ranks
from ngn_core.summary.spread import Spread

SPECS = ("C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf")
AUC = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],  # ranks 2 and 3 are printed beside two 0.975
        [0.957, 0.978, 0.946, 0.970],
    ]
)
"""Table 6 of Demsar 2006: 14 data sets, 4 classifiers."""


def test_mean_ranks_and_critical_difference_are_demsars():
    found = ranked_tasks([str(n) for n in range(14)], SPECS, -AUC)
    assert found.specs == ("C4.5+m+cf", "C4.5+m", "C4.5+cf", "C4.5")
    assert found.means == pytest.approx([1.964, 2.000, 2.893, 3.143], abs=5e-4)
    assert found.critical_difference == pytest.approx(1.25, abs=5e-3)
    # his chi-square of 9.28 has a p of 0.026; scipy's is corrected for ties
    assert 0.005 < found.p < 0.026
    # "the post-hoc test is not powerful enough" (section 3.2.2)
    assert found.groups == (found.specs,)


def test_separated_specs_are_in_different_groups():
    errors = np.tile([1.0, 2.0, 3.0, 4.0], (12, 1))
    found = ranked_tasks([str(n) for n in range(12)], "abcd", errors)
    assert found.critical_difference == pytest.approx(1.354, abs=1e-3)
    assert found.groups == (("a", "b"), ("b", "c"), ("c", "d"))


def test_without_a_difference_all_are_one_group():
    found = ranked_tasks([str(n) for n in range(8)], "abc", np.ones((8, 3)))
    assert found.p == 1
    assert found.groups == (("a", "b", "c"),)


def origin_of(spec):
    return "leaderboard" if spec.endswith("(published)") else "measured"


def table(target, better, scores):
    column = ScoreColumn("m", "m", "", better)
    lines = [
        Line(
            spec,
            {"m": Spread(score, 0.0, 5)},
            (SimpleNamespace(origin=origin_of(spec)),),
        )
        for spec, score in scores.items()
    ]
    return SimpleNamespace(
        dataset="salts", target=target, columns=(column,), lines=tuple(lines)
    )


def test_tasks_may_differ_in_which_way_is_better():
    found = ranks(
        [
            table("gap", "lower", {"A": 1.0, "B": 2.0, "C": 3.0}),
            table("metal", "higher", {"B": 0.8, "A": 0.9}),
        ]
    )
    assert found.specs == ("A", "B")
    assert found.ranks == ((1, 2), (1, 2))
    assert found.left_out == ("C",)
    assert found.p is None
    assert found.critical_difference is None
    assert found.tasks == ("salts: gap", "salts: metal")


def test_published_rows_change_no_rank():
    scores = {"A": 1.0, "X (published)": 1.5, "B": 2.0}
    found = ranks([table(target, "lower", scores) for target in ("gap", "e_form")])
    assert found.specs == ("A", "B")
    assert found.ranks == ((1, 2), (1, 2))
    assert found.left_out == ()


def test_one_task_has_no_ranks():
    assert ranks([table("gap", "lower", {"A": 1.0, "B": 2.0})]) is None
