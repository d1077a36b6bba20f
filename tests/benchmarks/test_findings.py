"""The page of findings says what the committed results say, and they hang together."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from statistics import fmean

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "findings.py"


def test_the_page_is_the_one_that_the_results_make(script):
    assert script.PAGE.read_text(encoding="utf-8") == script.page()


@pytest.mark.parametrize(("walk", "hybrids"), [("depth", 4), ("architecture", 16)])
def test_shares_are_the_mean_change_over_all_orders(script, walk, hybrids):
    file = script.RESULTS / "explain" / walk / "explanation.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    worth = {frozenset(one["changed"]): one["mean"] for one in found["worths"]}
    assert len(worth) == hybrids
    factors = [one["factor"] for one in found["factors"]]
    changes = {factor: [] for factor in factors}
    for order in permutations(factors):
        for place, factor in enumerate(order):
            before = frozenset(order[:place])
            changes[factor].append(worth[before | {factor}] - worth[before])
    for share in found["shares"]:
        (factor,) = share["factors"]
        assert share["mean"] == pytest.approx(fmean(changes[factor]))
    assert sum(share["mean"] for share in found["shares"]) == pytest.approx(
        found["total"]["mean"]
    )


def test_every_network_was_trained_on_every_graph(script):
    found = json.loads(script.CONNECTIVITY.read_text(encoding="utf-8"))
    sizes = {
        (curve["of"], curve["fixed"]["graph.edges.use"]): len(curve["points"])
        for curve in found["curves"]
    }
    assert len(sizes) == 4 * 3
    assert all(
        len(point["folds"]) == 5
        for curve in found["curves"]
        for point in curve["points"]
    )
    assert sizes.keys() == {
        (network, graph)
        for network in ("CGCNN", "SchNet", "MEGNet", "coGN")
        for graph in ("knn", "radius", "voronoi")
    }
