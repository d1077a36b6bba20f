"""Scores over folds."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from ngn_core.experiment.result import Score
from ngn_core.summary.comparison import lines_of


def result(spec, value, better="lower"):
    score = Score("metric", "metric", value, "eV", better)
    return SimpleNamespace(spec=spec, scores=(score,), cost={}, graph={})


def test_lines_are_means_and_population_deviations_over_trials():
    values = [0.3, 0.5, 0.1]
    _, (line,) = lines_of([result("A", value) for value in values])
    assert line.scores["metric"].mean == pytest.approx(np.mean(values))
    assert line.scores["metric"].std == pytest.approx(np.std(values))
    assert line.scores["metric"].count == 3


@pytest.mark.parametrize(("better", "order"), [("lower", "AB"), ("higher", "BA")])
def test_the_best_comes_first(better, order):
    _, lines = lines_of([result("B", 2.0, better), result("A", 1.0, better)])
    assert "".join(line.spec for line in lines) == order


def test_an_undefined_score_comes_last():
    _, lines = lines_of([result("A", math.nan), result("B", 2.0)])
    assert [line.spec for line in lines] == ["B", "A"]


def test_no_results_make_no_lines():
    assert lines_of([]) == ((), ())
