"""Trials that an executor runs: what is lost goes on, what fails is said."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
import torch

from fixtures.trials import run_trials
from ngn_core.comparison import run_remotely as module
from ngn_core.comparison.budget import parse_budget
from ngn_core.comparison.checking import check_executor
from ngn_core.comparison.collect_result import collect_all
from ngn_core.comparison.executor import choose_executor
from ngn_core.comparison.folds import Grid
from ngn_core.comparison.open_run import open_run
from ngn_core.comparison.request import Request, share_of
from ngn_core.comparison.request_file import read_request
from ngn_core.comparison.run_remotely import MOST, run_remotely
from ngn_core.errors import ExecutorError, SpecError
from ngn_core.experiment.reporter import SilentReporter
from ngn_core.experiment.shard import Shard
from ngn_core.experiment.store import Store
from ngn_core.experiment.trial import make_trial
from ngn_core.plugin.executor import Ended, Executor
from ngn_core.plugin.options import Options, Use
from ngn_core.training.stop import Stopped

CPU = torch.device("cpu")


class Acted(Executor):
    """Ends each call as a script says: `finish` trains, all else is a code."""

    name = "acted"

    def __init__(self, options):
        super().__init__(options)
        self.begun, self.over = [], []
        self.stopped = False

    def start(self, calls):
        for call in calls:
            self.begun.append(call)
            what = self.script(call)
            self.over.append(Ended(call, what, "it was killed" * (what is None)))

    def ended(self):
        over, self.over = self.over, []
        return over

    def stop(self):
        assert not self.stopped
        self.stopped = True


@pytest.fixture(scope="session")
def trained(small_spec, prepared, registry, tmp_path_factory):
    """The trials of a spec on each fold, and where their results are."""
    spec = small_spec.with_epochs(1)
    trials = [
        make_trial(spec, prepared.crystals, fold, 0, registry)
        for fold in range(prepared.crystals.n_folds)
    ]
    store = Store(tmp_path_factory.mktemp("trained"))
    _, failures = run_trials(trials, prepared, store, registry, CPU, SilentReporter())
    assert not failures
    return spec, trials, store


@pytest.fixture
def act(trained, prepared, registry, reporter, tmp_path, monkeypatch):
    """Run the trials of one spec through a script, `trial, times before -> code`."""
    spec, trials, ready = trained
    request = Request(("cgcnn",), "emt_alloys", tmp_path / "runs", "cpu")
    run = open_run(request, registry, reporter)
    store = run.store
    monkeypatch.setattr(module, "POLL", 0.0)

    def finish(trial):
        """Store the result, as a worker that trains it does."""
        shutil.copytree(ready.folder(trial.digest), store.folder(trial.digest))
        return 0

    def call(script):
        made = []

        class Scripted(Acted):
            def __init__(self, options):
                super().__init__(options)
                made.append(self)

            def script(self, call):
                number = read_request(call.request).shard.number
                before = sum(one == call for one in self.begun) - 1
                return script(trials[number - 1], before)

        grid = Grid([spec], [], prepared, request, None, run)
        try:
            run_remotely(grid, Use("executor", Scripted, Options()))
        finally:
            assert [one.stopped for one in made] == [True] * len(made)
        return [call for one in made for call in one.begun]

    call.trials, call.store, call.finish = trials, store, finish
    call.request, call.run = request, run
    return call


def told(reporter, name):
    return [values[0] for event, values in reporter.told if event == name]


def test_each_trial_is_a_call_of_its_own_and_stored_ones_are_none(act, reporter):
    trials = act.trials
    act.finish(trials[2])
    begun = act(lambda trial, before: act.finish(trial))
    assert len(begun) == len(trials) - 1
    count = len(trials)
    for call, number in ((begun[0], 1), (begun[2], 4)):
        share = share_of(act.request, "formation_energy", Shard(number, count))
        assert read_request(call.request) == share
    assert ("plan", (count, 1)) in reporter.told
    assert [one.digest for one in told(reporter, "finish")] == [
        one.digest for one in trials if one is not trials[2]
    ]
    results, failures = collect_all(trials, act.store)
    assert [one.digest for one in results] == [one.digest for one in trials]
    assert not failures
    assert act(lambda trial, before: 1) == []


@pytest.mark.parametrize("code", [None, 75])
def test_what_is_lost_or_out_of_time_is_called_again(act, code):
    begun = act(lambda trial, before: act.finish(trial) if before else code)
    assert len(begun) == 2 * len(act.trials)
    assert len(collect_all(act.trials, act.store)[0]) == len(act.trials)


def test_what_never_gets_further_fails_with_its_reason(act, reporter):
    begun = act(lambda trial, before: None)
    assert len(begun) == MOST * len(act.trials)
    assert len(told(reporter, "fail")) == len(act.trials)
    _, failures = collect_all(act.trials, act.store)
    assert len(failures) == len(act.trials)
    assert "it was killed, 3 times without a new checkpoint" in failures[0].reason


def test_what_gets_further_is_called_as_often_as_it_takes(act):
    def script(trial, before):
        if before == 2 * MOST:
            return act.finish(trial)
        working = act.store.place(trial.digest) / "work-0"
        working.mkdir(parents=True, exist_ok=True)
        (working / f"{before}.ckpt").touch()
        return 75

    assert len(act(script)) == (2 * MOST + 1) * len(act.trials)


def test_a_failure_is_not_tried_again_and_its_reason_is_that_of_the_worker(
    act, reporter
):
    bad = act.trials[1]

    def script(trial, before):
        if trial is not bad:
            return act.finish(trial)
        act.store.note_failure(trial.digest, "the training loss became nan")
        return 1

    assert len(act(script)) == len(act.trials)
    assert [one.digest for one in told(reporter, "fail")] == [bad.digest]
    results, (failure,) = collect_all(act.trials, act.store)
    assert len(results) == len(act.trials) - 1
    assert failure.trial is bad
    assert failure.reason == "the training loss became nan"


def test_a_worker_that_cannot_begin_is_quoted(act, reporter):
    begun = act(lambda trial, before: 2)
    assert len(begun) == len(act.trials)
    assert "its worker ended with 2: no output in" in reporter.told[-1][1][1]
    begun[-1].log.write_text("reading\nerror: --dataset my_cifs: no such folder\n\n")
    act(lambda trial, before: 2)
    quoted = "its worker ended with 2: error: --dataset my_cifs: no such folder"
    assert reporter.told[-1][1][1] == quoted


def test_a_worker_of_another_version_is_found_out(act):
    act(lambda trial, before: 0)
    _, failures = collect_all(act.trials, act.store)
    assert "expected the same ngn, plugins and data where it ran" in failures[0].reason


def test_the_end_that_is_asked_for_comes_at_once(act):
    def script(trial, before):
        act.run.stop.ask("SIGTERM came")
        return 75

    with pytest.raises(Stopped, match="SIGTERM came"):
        act(script)


def test_calls_are_stopped_where_the_user_interrupts(act):
    def script(trial, before):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        act(script)  # and `act` finds that they are


def test_options_of_an_executor_are_checked_as_those_of_a_spec(registry):
    use = choose_executor("local", ["workers=3", "gpu_memory=2"], registry)
    assert (use.options.workers, use.options.gpu_memory) == (3, 2.0)
    for name, option, sentence in (
        ("locl", "workers=3", "Did you mean 'local'?"),
        ("local", "worker=3", "Did you mean 'workers'?"),
        ("local", "workers=0", "found 0"),
        ("local", "workers", "expected key=value"),
    ):
        with pytest.raises(SpecError) as error:
            choose_executor(name, [option], registry)
        assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("changes", "budget", "sentence"),
    [
        ({"fresh": True}, None, "--fresh: a trial that goes on would begin anew"),
        ({}, "3m", "--budget 3m: every worker would measure another number"),
        ({}, "seconds=5", "expected epochs=N or steps=N"),
        ({"device": "cuda:1"}, None, "--device cuda:1"),
        ({"dataset": object()}, None, "made from objects"),
    ],
)
def test_what_workers_would_understand_each_in_its_own_way_is_refused(
    act, changes, budget, sentence
):
    use = Use("executor", Acted, Options())
    request = replace(act.request, executor=use, **changes)
    run = replace(act.run, device=torch.device(request.device))
    given = None if budget is None else parse_budget(budget)
    with pytest.raises(ExecutorError) as error:
        check_executor(request, given, run)
    assert sentence in str(error.value)
    check_executor(replace(request, executor=None), given, run)
