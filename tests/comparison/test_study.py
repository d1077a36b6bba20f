"""Studies: resumable, deterministic, and given up early where they lose."""

from __future__ import annotations

import sys

import pytest

from ngn_core.comparison.space import Dimension
from ngn_core.comparison.study import Measured, run_study
from ngn_core.errors import NGNError, TrialError

pytest.importorskip("optuna")

SPACE = [
    Dimension("train.optimizer.lr", low=1e-4, high=1e-1, log=True),
    Dimension("network.blocks.0.repeat", choices=(2, 3, 4)),
    Dimension("network.head.layers", choices=([8, 1], [1])),
    Dimension("train.batch_size", low=4, high=8),
]


def bowl(values, pruner):
    """Best at a rate of 0.01 and three blocks; loses by epochs what it loses at all."""
    assert isinstance(values["train.batch_size"], int)
    assert values["network.head.layers"] in ([8, 1], [1])
    score = abs(values["train.optimizer.lr"] - 0.01)
    score += abs(values["network.blocks.0.repeat"] - 3)
    for epoch in (1, 2, 3):
        pruner(epoch, score)
    return Measured(score, [score] * 3, 1.0)


def gives_up(values, pruner):
    try:
        return bowl(values, pruner)
    except TrialError:
        return Measured(None)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "studies" / "one.journal"


def test_a_study_has_its_trials_and_finds_the_better_ones(file):
    tried = run_study(file, SPACE, 25, gives_up)
    assert len(tried) == 25
    best = min((one for one in tried if one.score is not None), key=lambda t: t.score)
    assert best.score < 0.1
    assert best.values["network.blocks.0.repeat"] == 3


def test_what_loses_is_given_up(file):
    tried = run_study(file, SPACE, 25, gives_up)
    given_up = [one for one in tried if one.score is None]
    assert given_up
    kept = sorted(one.score for one in tried if one.score is not None)

    def score(values):
        return abs(values["train.optimizer.lr"] - 0.01) + abs(
            values["network.blocks.0.repeat"] - 3
        )

    assert min(score(one.values) for one in given_up) > kept[0]


def test_trials_go_on_with_the_same_study(file, tmp_path):
    run_study(file, SPACE, 4, gives_up)
    ran = []

    def counted(values, pruner):
        ran.append(values)
        return gives_up(values, pruner)

    resumed = run_study(file, SPACE, 9, counted)
    assert len(ran) == 5
    whole = run_study(tmp_path / "whole.journal", SPACE, 9, gives_up)
    assert [one.values for one in resumed] == [one.values for one in whole]
    assert [one.score for one in resumed] == [one.score for one in whole]
    assert run_study(file, SPACE, 4, counted) == resumed[:4]
    assert len(ran) == 5


def test_an_interruption_changes_nothing(file, tmp_path):
    count = 0

    def interrupted(values, pruner):
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return gives_up(values, pruner)

    with pytest.raises(KeyboardInterrupt):
        run_study(file, SPACE, 8, interrupted)
    resumed = run_study(file, SPACE, 8, gives_up)
    whole = run_study(tmp_path / "whole.journal", SPACE, 8, gives_up)
    assert [one.values for one in resumed] == [one.values for one in whole]


def test_the_first_trial_is_the_spec_s_own(file):
    first = {
        "train.optimizer.lr": 0.02,
        "network.blocks.0.repeat": 4,
        "network.head.layers": [1],
        "train.batch_size": 5,
    }
    tried = run_study(file, SPACE, 2, gives_up, first)
    assert tried[0].values == first


def test_a_trial_that_fails_counts_and_has_no_score(file):
    def failing(values, pruner):
        return Measured(None)

    tried = run_study(file, SPACE, 3, failing)
    assert [one.score for one in tried] == [None] * 3
    assert run_study(file, SPACE, 3, bowl) == tried


def test_without_optuna_the_extra_is_named(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(NGNError, match=r"pip install \"ngn\[tune\]\""):
        run_study(file, SPACE, 1, bowl)
