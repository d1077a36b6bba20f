"""The archives of committed trials: each score is that of its predictions."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import pytest

from ngn_core.cli.workbench import main as ngn
from ngn_core.experiment.stored import read_results

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
STUDIES = sorted(RESULTS.glob("*.tar.xz"))


def test_every_study_is_one_archive():
    names = {file.name.removesuffix(".tar.xz") for file in STUDIES}
    assert names >= {"reproduction", "equal", "own_spec_second"}
    assert not list(RESULTS.rglob("result.json"))


@pytest.mark.parametrize("study", STUDIES, ids=lambda file: file.name)
def test_scores_follow_from_the_predictions(study):
    results = read_results([study])
    for result in results:
        errors = [abs(found - target) for _, target, found in result.predictions]
        scores = {score.name: score.value for score in result.scores}
        assert scores["mae"] == pytest.approx(fmean(errors))
        assert scores["rmse"] == pytest.approx(fmean(e * e for e in errors) ** 0.5)
        assert result.predictions
        assert result.facts.tested.keys() == {name for name, _, _ in result.predictions}
        assert len(result.curve) == result.epochs


@pytest.mark.parametrize("study", STUDIES, ids=lambda file: file.name)
def test_a_report_opens_every_study(study, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert ngn(["report", str(study)]) == 0
    assert (tmp_path / "report" / "report.html").exists()
    assert "matbench_jdft2d" in capsys.readouterr().out
