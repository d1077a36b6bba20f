"""Scores on whole local MatBench tasks, against what MatBench publishes."""

from __future__ import annotations

import json

import pytest

from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import open_declared
from ngn_core.dataset.open import default_target
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.experiment.baselines import fit_baseline
from ngn_core.experiment.scoring import scores_of
from ngn_core.experiment.selection import select_target
from ngn_core.experiment.trial import make_trial
from ngn_core.spec.load import load_all


@pytest.mark.parametrize("task", ["matbench_jdft2d", "matbench_phonons"])
def test_the_mean_scores_on_each_fold_as_matbenchs_dummy(shared, registry, task):
    """Truth: the scores of `dummy`, which predicts the mean of the training part."""
    published = json.loads(
        (shared / "reference" / "matbench_published.json").read_text()
    )["tasks"][task]["dummy"]
    table = open_declared(str(shared / "data" / task), registry, DeclarationFlags())
    selection = select_target(table, default_target(table), SplitChoice(), registry)
    crystals = selection.crystals(None)
    assert crystals.called == task
    (mean,) = load_all(["baselines/mean"], registry, [])
    for fold in range(5):
        trial = make_trial(mean, crystals, fold, 0, registry)
        _, _, test = trial.parts
        found = fit_baseline(trial).predictions.numpy()
        scores = {
            score.name: score.value
            for score in scores_of(
                found, trial.target.values[test], trial.target, registry
            )
        }
        for name in ("mae", "rmse"):
            assert scores[name] == pytest.approx(published[name][fold], abs=1e-4)
