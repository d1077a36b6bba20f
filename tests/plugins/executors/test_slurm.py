"""Trials as tasks of SLURM, whose commands are played by `fake_slurm.py`."""

import importlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

import ngn_core.api as ngn
from ngn_core.experiment.store import PARTIAL
from ngn_plugins.executors.slurm import SlurmExecutor

submitit = pytest.importorskip(
    "submitit", reason="submitit is not installed: pip install ngn[slurm]"
)
FAKE = Path(__file__).parent / "fake_slurm.py"
COMMANDS = ("sbatch", "srun", "sacct", "scancel", "scontrol")


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """The folder of a SLURM that has nothing to do."""
    folder, commands = tmp_path / "cluster", tmp_path / "commands"
    folder.mkdir()
    commands.mkdir()
    (folder / "over").touch()
    for name in COMMANDS:
        file = commands / name
        file.write_text(f'#!/bin/sh\nexec {sys.executable} {FAKE} {folder} {name} "$@"')
        file.chmod(0o755)
    monkeypatch.setenv("PATH", str(commands), prepend=":")
    return folder


def read(cluster, what):
    return {file.parent.name: file.read_text() for file in cluster.glob(f"*/{what}")}


def test_a_task_whose_time_is_over_is_queued_again_and_goes_on(
    compare, predictions, threads, cluster, tmp_path
):
    (cluster / "over").write_text(f"{tmp_path}/slurm/{PARTIAL}/*/epochs.txt")
    flags = ("--executor=slurm", "--executor-option=time=30")
    code, printed = compare("slurm", 60, *flags, "--executor-option=more={qos: long}")
    assert code == 0, printed.err
    while "RUNNING" in read(cluster, "state").values():
        time.sleep(0.02)  # a task leaves its result before it ends
    assert set(read(cluster, "state")) == {"100_0", "100_1"}
    assert set(read(cluster, "state").values()) == {"COMPLETED"}
    assert max(read(cluster, "runs").values()) == "2"
    asked = (cluster / "100.sbatch").read_text()
    for line in ("--array=0-1%2", "--time=30", "--cpus-per-task=1", "--qos=long"):
        assert f"#SBATCH {line}\n" in asked
    assert "#SBATCH --signal=USR2@90\n" in asked
    assert "export OMP_NUM_THREADS=1\n" in asked
    code, printed = compare("here", 60)
    assert code == 0, printed.err
    assert len(predictions("slurm")) == 2
    assert predictions("slurm") == predictions("here")
    assert threads("slurm") == [1, 1]


PROGRAM = '''
import signal, time
from pathlib import Path

def stand_in(request):
    """End with the code that is given; without one wait for SIGTERM."""
    came, code = [], request.read_text()
    signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
    Path("begun").touch()
    while not came and not code:
        time.sleep(0.02)
    return int(code) if code else 75
'''


@pytest.fixture
def call(tmp_path, monkeypatch):
    """A call of a program that nodes can import, too."""
    (tmp_path / "stand_in_for_compare.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    main = importlib.import_module("stand_in_for_compare").stand_in

    def make(code=""):
        request = tmp_path / f"request{code}"
        request.write_text(code)
        return ngn.Call("some", main, request, tmp_path, tmp_path / "log")

    yield make
    del sys.modules["stand_in_for_compare"]


def waited(executor):
    while not (ended := executor.ended()):
        time.sleep(0.05)
    return ended


@pytest.fixture
def executor(cluster):
    return SlurmExecutor(SlurmExecutor.Options())


def test_stopped_tasks_are_cancelled(executor, call, cluster, tmp_path):
    executor.start([call()])
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    executor.stop()
    while read(cluster, "state")["100"] == "RUNNING":
        time.sleep(0.02)
    assert read(cluster, "state")["100"] == "CANCELLED"
    results = [submitit.core.utils.pickle_load(f) for f in tmp_path.glob("*.pkl")]
    assert ("success", ngn.UNFINISHED) in results


def test_an_exit_code_comes_back_and_what_is_killed_is_lost(
    executor, call, cluster, monkeypatch
):
    monkeypatch.setattr(submitit.core.core.Job, "_results_timeout_s", 0)
    executor.start([call("2"), call()])
    assert [(one.call, one.code) for one in waited(executor)] == [(call("2"), 2)]
    while not (cluster / "100_1" / "pid").exists():
        time.sleep(0.02)
    os.kill(int((cluster / "100_1" / "pid").read_text()), signal.SIGKILL)
    (lost,) = waited(executor)
    assert (lost.call, lost.code) == (call(), None)
    assert "task 100_1 of SLURM ended as failed" in lost.reason


def test_without_slurm_it_is_said(call, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    executor = SlurmExecutor(SlurmExecutor.Options())
    with pytest.raises(ngn.ExecutorError, match="--executor slurm: .*srun"):
        executor.start([call()])


def test_without_submitit_it_is_said(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "submitit", None)
    executor = SlurmExecutor(SlurmExecutor.Options())
    with pytest.raises(ngn.ExecutorError, match=r"pip install \"ngn\[slurm\]\""):
        executor.start([call()])
