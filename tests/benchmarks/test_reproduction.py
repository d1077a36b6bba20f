"""The page of reproduced scores says what the committed results say."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "reproduction.py"


def test_the_page_is_the_one_that_the_results_make(script):
    assert script.PAGE.read_text(encoding="utf-8") == script.page()


@pytest.mark.parametrize("task", ["matbench_jdft2d", "matbench_phonons"])
def test_cogn_is_reproduced_within_what_repeated_runs_spread(script, task):
    results = script.trials("reproduction")
    low, high = script.BARS[task]
    assert low < fmean(script.measured(results, "coGN", task)) < high
