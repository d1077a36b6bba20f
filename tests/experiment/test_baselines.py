"""Baselines beside networks, on the same folds."""

import numpy as np
import pytest

from ngn_core.cli.compare import main
from ngn_core.cli.workbench import main as workbench
from ngn_core.errors import NGNError, TrialError
from ngn_core.experiment.baselines import fit_baseline
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import result_folders
from ngn_core.experiment.trial import make_trial
from ngn_core.spec.load import load_all


def test_the_mean_is_of_the_training_part_of_each_fold(registry, alloys):
    (spec,) = load_all(["baselines/mean"], registry)
    for fold in range(alloys.n_folds):
        trial = make_trial(spec, alloys, fold, 0, registry)
        train, validation, test = trial.parts
        assert len(validation) == 0
        found = fit_baseline(trial).predictions.numpy()
        assert found == pytest.approx(
            np.full(len(test), alloys.target.values[train].mean())
        )


def test_a_baseline_stands_in_the_table_and_is_not_computed_again(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    command = ["baselines/mean", "cgcnn", "--limit", "20", "--epochs", "1"]
    assert main(command) == 0
    assert "Mean" in capsys.readouterr().out
    results = {r.digest: r for r in map(read_result, result_folders(tmp_path / "runs"))}
    assert sum(result.spec == "Mean" for result in results.values()) == 5
    assert main(["baselines/mean", "--limit", "20"]) == 0
    again = {r.digest for r in map(read_result, result_folders(tmp_path / "runs"))}
    assert again == set(results)


def test_what_is_no_prediction_is_refused(registry, alloys, monkeypatch):
    (spec,) = load_all(["baselines/mean"], registry)
    component = spec.estimator.component
    monkeypatch.setattr(component, "predict", lambda self, crystals: np.array([np.nan]))
    trial = make_trial(spec, alloys, 0, 0, registry)
    with pytest.raises(TrialError, match="1 values that are no numbers; expected"):
        fit_baseline(trial)


@pytest.mark.parametrize("command", [["check"], ["graph", "x.cif", "--spec"]])
def test_a_command_for_networks_says_so(command, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert workbench([*command, "baselines/mean"]) != 0
    assert "a baseline has none" in capsys.readouterr().err


def test_a_baseline_with_a_network_too_is_refused(tmp_path, registry):
    file = tmp_path / "both.yaml"
    file.write_text("name: Both\nestimator: dummy\ngraph: {edges: knn}\n")
    with pytest.raises(NGNError, match="graph"):
        load_all([str(file)], registry)


def test_a_budget_needs_a_network(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["baselines/mean", "--budget", "10s"]) != 0
    assert "baselines have no epochs" in capsys.readouterr().err


def test_predict_says_that_a_baseline_keeps_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    main(["baselines/mean", "cgcnn", "--limit", "10", "--epochs", "1"])
    (tmp_path / "Cu.vasp").write_text(
        "Cu\n1\n0 1.8 1.8\n1.8 0 1.8\n1.8 1.8 0\nCu\n1\nDirect\n0 0 0\n"
    )
    assert workbench(["predict", "runs", "Cu.vasp"]) == 0
    assert "Mean is a baseline" in capsys.readouterr().out
