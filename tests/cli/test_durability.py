"""Comparisons that are killed, stopped and shared: no lost, half or second result."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import shutil
import signal
import sys
from functools import partial

import pytest

from ngn_core.cli.compare import main
from ngn_core.cli.workbench import main as workbench
from ngn_core.compare.store import result_folders

CALL = [
    "cgcnn",
    "--set=network.embed.node.width=8",
    "--set=network.blocks.0.repeat=1",
    "--set=network.head.layers=[8, 1]",
    "--set=train.batch_size=4",
    "--limit=24",
    "--split=group:2",
    "--seeds=2",
    "--epochs=2",
    "--costs=none",
]
CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime"}

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


class Audit:
    """Counts what a process does to files, and sends it a signal at one of them."""

    def __init__(self, under, log, moment=None, number=signal.SIGKILL):
        self.under, self.log = str(under), log
        self.moment, self.number, self.count = moment, number, 0
        sys.addaudithook(self)

    def __call__(self, event, values):
        if event not in CHANGES or not str(values[0]).startswith(self.under):
            return
        self.count += 1
        if self.count == self.moment:
            os.kill(os.getpid(), self.number)
        if event == "os.rename" and os.path.basename(values[0]).startswith("work-"):
            target = os.path.dirname(str(values[1]))
            if os.path.basename(target) == "runs":
                self.log.write(f"computed {os.path.basename(values[1])}\n")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def start(folder, cache, *more, prepare=lambda: None, **audit):
    """Start a process that compares; return a function that waits for its code."""
    folder.mkdir(exist_ok=True)
    child = os.fork()
    if child:
        return lambda: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        log = (folder / "log").open("a", buffering=1)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        sys.stdout = sys.stderr = log
        prepare()
        audited = Audit(folder, log, **audit)
        code = main([*CALL, f"--out={folder / 'runs'}", f"--cache={cache}", *more])
        log.write(f"counted {audited.count}\n")
    finally:
        os._exit(code)


@pytest.fixture
def begin(tmp_path, cache):
    return partial(start, tmp_path, cache)


@pytest.fixture
def run(begin):
    return lambda *more, **how: begin(*more, **how)()


def found(folder):
    """Return all that trials gave, but for what clocks say."""
    results = {}
    for one in result_folders(folder / "runs"):
        with (one / "curve.csv").open() as file:
            losses = [(r["train_loss"], r["lr"]) for r in csv.DictReader(file)]
        results[one.name] = (one / "predictions.csv").read_text(), losses
    return results


def table(folder):
    file = folder / "runs" / "report" / "comparison.json"
    return json.loads(file.read_text())[0]["specs"][0]["scores"]


def said(tmp_path, word):
    lines = (tmp_path / "log").read_text().splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(word + " ")]


@pytest.fixture(scope="module")
def whole(tmp_path_factory, cache):
    """An uninterrupted comparison: what it gave, its table, its changes to files."""
    folder = tmp_path_factory.mktemp("whole")
    assert start(folder, cache)() == 0
    return found(folder), table(folder), int(said(folder, "counted")[0])


def test_a_comparison_killed_at_seeded_moments_ends_as_the_uninterrupted_one(
    run, whole, tmp_path
):
    results, scores, count = whole
    drawn, killed = random.Random(0), 0
    while run(moment=drawn.randrange(10, count // 2)) != 0:
        killed += 1
    assert killed >= 2
    assert found(tmp_path) == results
    assert table(tmp_path) == scores
    computed = said(tmp_path, "computed")
    assert sorted(computed) == sorted(results)  # each once


def test_sigterm_ends_a_comparison_with_75_and_the_next_call_goes_on(
    run, whole, tmp_path, capsys
):
    results, scores, count = whole
    stopped = partial(run, number=signal.SIGTERM)
    assert stopped(moment=count // 3) == 75
    assert workbench(["status", str(tmp_path / "runs")]) == 75
    assert "SIGTERM came" in capsys.readouterr().out
    assert run() == 0
    assert found(tmp_path) == results
    assert table(tmp_path) == scores
    assert workbench(["status", str(tmp_path / "runs")]) == 0


def test_calls_at_once_share_the_trials_and_make_the_same_table(
    begin, run, whole, tmp_path
):
    results, scores, _ = whole
    shard = begin("--shard=2/2")
    helper = begin("--trials-only")
    assert run() == 0
    assert shard() == 0
    assert helper() == 0
    assert found(tmp_path) == results
    assert table(tmp_path) == scores
    assert sorted(said(tmp_path, "computed")) == sorted(results)


def test_a_full_disk_is_a_sentence_and_no_result_is_lost(run, whole, tmp_path):
    results, _, _ = whole

    def fill():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))

    assert run(prepare=fill) != 0
    log = (tmp_path / "log").read_text()
    assert "File too large" in log
    assert "Traceback" not in log
    assert run() == 0
    assert found(tmp_path) == results


def test_a_folder_that_cannot_be_written_is_a_sentence(run, tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    assert run() != 0
    log = (tmp_path / "log").read_text()
    assert "cannot write results to" in log
    assert "Traceback" not in log


def test_a_damaged_packed_graph_is_built_again(run, whole, tmp_path, cache):
    results, _, _ = whole
    kept = tmp_path / "kept"
    shutil.copytree(cache, kept)
    file = max(cache.rglob("*.npy"), key=lambda one: one.stat().st_size)
    file.write_bytes(file.read_bytes()[:-100])
    assert run() == 0
    assert found(tmp_path) == results
