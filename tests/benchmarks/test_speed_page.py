"""The page of speeds says what the committed measurements say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "speed_page.py"


@pytest.fixture(scope="module")
def runs(script):
    return json.loads((script.RESULTS / "speed.json").read_text("utf-8"))["runs"]


def test_the_page_is_the_one_that_the_results_make(script):
    assert script.PAGE.read_text(encoding="utf-8") == script.page()


def test_every_side_took_its_turn_at_least_five_times(runs):
    for run in runs.values():
        sides = [set(one["sides"]) for one in run["alternations"]]
        assert len(sides) >= 5
        assert all(seen == set(run["sides"]) for seen in sides)


def test_a_side_that_failed_says_why(runs):
    asked = {"orbits", "none", "peer"}
    for name, run in runs.items():
        known = asked - {"orbits"} if name.endswith("painn") else asked
        assert known == set(run["sides"]) | set(run["failed"])
        assert all(run["failed"].values())
