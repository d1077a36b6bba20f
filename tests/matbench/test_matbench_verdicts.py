"""coNGN against ALIGNN on the official MatBench folds, from their submissions."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from ngn_core.statistics.verdict_options import VerdictOptions
from ngn_core.summary.ranked import ranked

SUBMISSIONS = (
    Path(__file__).parents[3] / "shared" / "reference" / "matbench_submissions"
)
if not SUBMISSIONS.is_dir():
    pytest.skip("the submissions are not beside this checkout", allow_module_level=True)


@pytest.fixture(scope="module")
def judged(over_folds):
    scores = {}
    for spec in ("coNGN", "alignn"):
        file = SUBMISSIONS / f"{spec}.results.json.gz"
        tasks = json.loads(gzip.decompress(file.read_bytes()))["tasks"]
        for task, found in tasks.items():
            folds = found["results"].values()
            name = "mae" if "mae" in next(iter(folds))["scores"] else "rocauc"
            values = [fold["scores"][name] for fold in folds]
            scores.setdefault((task.removeprefix("matbench_"), name), {})[spec] = values
    pairs = {}
    for (task, name), by_spec in scores.items():
        better = "lower" if name == "mae" else "higher"
        results = []
        for spec, values in by_spec.items():
            results += over_folds(spec, values, better=better)
        verdict_options = VerdictOptions(baseline="alignn")
        _, _, verdicts = ranked(
            results,
            fold_source="official",
            formulas={},
            verdict_options=verdict_options,
        )
        (pairs[task],) = verdicts.pairs
    return pairs


@pytest.mark.parametrize(
    ("task", "t", "outcome"),
    [
        ("jdft2d", -2.27, "undecided"),
        ("phonons", -0.28, "undecided"),
        ("dielectric", -1.46, "undecided"),
        ("perovskites", 0.92, "equivalent"),
        ("log_gvrh", -13.4, "better"),
        ("mp_e_form", -13.1, "better"),
    ],
)
def test_t_and_outcome(judged, task, t, outcome):
    digits = 1 if abs(t) > 10 else 2
    assert round(judged[task].t, digits) == t
    assert judged[task].outcome == outcome


def test_a_binary_task_is_judged_by_what_its_score_lacks(judged):
    pair = judged["mp_is_metal"]
    assert pair.better == "higher"
    assert pair.relative > 0  # ALIGNN's area is the larger one
    assert pair.outcome == "undecided"


def test_one_seed_gives_the_least_number_that_could_decide(judged):
    needed = judged["phonons"].required
    assert not needed.seeds_known
    assert not needed.folds_open
    assert needed.seeds > judged["dielectric"].required.seeds
