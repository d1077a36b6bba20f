"""Trials and their store: nothing twice, nothing half, no failure spreads."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import torch

from fixtures.trials import run_trials
from ngn_core.errors import TrialError
from ngn_core.experiment.result import PREDICTIONS, read_result, write_result
from ngn_core.experiment.store import Store, result_folders
from ngn_core.experiment.trial import make_trial
from ngn_core.spec.load import resolve_spec
from ngn_core.training import train as train_module

CPU = torch.device("cpu")


@pytest.fixture
def trials(small_spec, prepared, registry):
    spec = small_spec.with_epochs(2)
    return [make_trial(spec, prepared.crystals, fold, 0, registry) for fold in range(3)]


@pytest.fixture
def run(trials, prepared, registry, tmp_path):
    def call(reporter, trials=trials, fresh=False):
        store = Store(tmp_path / "runs")
        return run_trials(trials, prepared, store, registry, CPU, reporter, fresh=fresh)

    return call


def begun(reporter):
    return [values[0].fold for name, values in reporter.told if name == "begin"]


def test_a_second_call_computes_only_what_is_missing(run, reporter, trials):
    first, _ = run(reporter, trials[:2])
    reporter.told.clear()
    second, _ = run(reporter)
    assert begun(reporter) == [2]
    assert [result.digest for result in second[:2]] == [
        result.digest for result in first
    ]


def test_fresh_computes_everything_again_with_the_same_result(run, reporter):
    first, _ = run(reporter)
    reporter.told.clear()
    second, _ = run(reporter, fresh=True)
    assert begun(reporter) == [0, 1, 2]
    assert [r.scores for r in first] == [r.scores for r in second]


def test_a_stored_result_reads_as_it_was_written(run, reporter, tmp_path):
    results, _ = run(reporter)
    folders = list(result_folders(tmp_path / "runs"))
    stored = {read_result(folder).digest: read_result(folder) for folder in folders}
    for result in results:
        again = stored[result.digest]
        assert again.scores == result.scores
        assert again.predictions == result.predictions
        assert [row["epoch"] for row in again.curve] == [1, 2]


def test_a_result_holds_everything_that_the_issue_names(run, reporter, tmp_path):
    run(reporter)
    folder = next(result_folders(tmp_path / "runs"))
    assert sorted(file.name for file in folder.iterdir()) == [
        "curve.csv",
        "predictions.csv",
        "result.json",
        "seen.csv",
        "spec.yaml",
        "weights.pt",
    ]
    result = read_result(folder)
    assert result.environment["packages"]["torch"]
    assert result.cost["parameters"]
    assert result.graph["build_seconds"] > 0


def test_a_result_says_whether_products_were_rounded(
    trials, prepared, registry, reporter, tmp_path, monkeypatch
):
    monkeypatch.setattr(train_module, "rounds_products", lambda *_: False)
    monkeypatch.setattr(train_module, "unrounded", lambda *_: "not rounded here")
    spec = small_spec_in_bf16(trials[0].spec, registry)
    trial = make_trial(spec, trials[0].crystals, 0, 0, registry)
    store = Store(tmp_path / "runs")
    run_trials([trial], prepared, store, registry, CPU, reporter)
    kept = store.find(trial.digest).training
    assert (kept["precision"], kept["rounded"]) == ("bf16", False)
    assert ("note", ("not rounded here",)) in reporter.told


def test_whether_products_were_rounded_changes_no_digest(
    trials, prepared, registry, reporter, tmp_path, monkeypatch
):
    digests = []
    for rounded in (False, True):
        monkeypatch.setattr(train_module, "rounds_products", lambda *_, r=rounded: r)
        store = Store(tmp_path / str(rounded))
        spec = small_spec_in_bf16(trials[0].spec, registry)
        trial = make_trial(spec, trials[0].crystals, 0, 0, registry)
        run_trials([trial], prepared, store, registry, CPU, reporter)
        result = store.find(trial.digest)
        digests.append((result.digest, result.model))
        assert result.training["rounded"] is rounded
    assert digests[0] == digests[1]


def small_spec_in_bf16(spec, registry):
    """Return a spec with products in bf16."""
    return resolve_spec(spec.resolved(), registry, "test", ["train.precision=bf16"])


def test_one_failing_trial_does_not_stop_the_others(
    run, reporter, monkeypatch, tmp_path
):
    from ngn_core.experiment import run as module

    def fail_on_fold_1(*given):
        if module_state["count"] == 1:
            module_state["count"] += 1
            raise ZeroDivisionError("in a stranger's plugin")
        module_state["count"] += 1
        return original(*given)

    module_state = {"count": 0}
    original = module.train_trial
    monkeypatch.setattr(module, "train_trial", fail_on_fold_1)
    results, failures = run(reporter)
    assert [result.fold for result in results] == [0, 2]
    assert [failure.trial.fold for failure in failures] == [1]
    assert "ZeroDivisionError: in a stranger's plugin" in failures[0].reason
    assert len(list(result_folders(tmp_path / "runs"))) == 2


def test_a_trial_that_was_not_renamed_is_no_result(run, reporter, trials, tmp_path):
    run(reporter, trials[:1])
    store = Store(tmp_path / "runs")
    final = store.folder(trials[0].digest)
    with store.lock(trials[0].digest) as lock:
        lock.working.rmdir()
        final.rename(lock.working)
    assert store.find(trials[0].digest) is None
    assert list(result_folders(tmp_path / "runs")) == []


def test_another_trial_s_result_is_refused_and_kept(run, reporter, trials, tmp_path):
    run(reporter, trials[:1])
    store = Store(tmp_path / "runs")
    folder = store.folder(trials[0].digest)
    write_result(replace(read_result(folder), digest="0" * 64), folder)
    results, (failure,) = run(reporter, trials[:1])
    assert not results
    assert f"{folder}: holds trial 0000" in failure.reason
    assert read_result(folder).digest == "0" * 64


def test_an_unwritable_folder_is_a_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    lock = Store(blocked).lock("0" * 64)
    with pytest.raises(TrialError, match="cannot write results"), lock:
        pass


def test_a_damaged_result_is_computed_again_and_said(run, reporter, trials, tmp_path):
    (before,), _ = run(reporter, trials[:1])
    folder = Store(tmp_path / "runs").folder(trials[0].digest)
    file = folder / PREDICTIONS
    file.write_text(file.read_text().rpartition("\n")[0].rpartition("\n")[0])
    reporter.told.clear()
    results, failures = run(reporter)
    assert not failures
    assert begun(reporter) == [0, 1, 2]
    assert results[0].predictions == before.predictions
    (sentence,) = [values[0] for name, values in reporter.told if name == "note"]
    assert f"{folder}: not a whole result" in sentence
    assert f"{folder.name}.damaged-1" in sentence
    assert run(reporter)[0] == results


# threads share one list of warning filters: what one puts back, the other loses
@pytest.mark.filterwarnings("ignore")
def test_two_runs_at_once_share_the_work(trials, prepared, registry, silent, tmp_path):
    store = Store(tmp_path / "runs")
    done = []

    def call():
        done.append(run_trials(trials, prepared, store, registry, CPU, silent))

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (first, failed), (second, failed_too) = done
    assert not failed
    assert not failed_too
    assert [r.scores for r in first] == [r.scores for r in second]
    assert len(list(result_folders(tmp_path / "runs"))) == 3
