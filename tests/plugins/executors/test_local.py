"""Trials in processes of this machine."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import ngn_core.api as ngn
from ngn_plugins.executors import local
from ngn_plugins.executors.gpus import GPU, visible_gpus
from ngn_plugins.executors.local import LocalExecutor

PROGRAM = '''
"""Write down what it was given, and wait for SIGTERM or a file named as its call."""
import json, os, signal, sys, time

name, code = open(sys.argv[1]).read().split()
came = []
signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
keys = ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES")
found = {key: os.environ.get(key) for key in keys} | {"pid": os.getpid()}
with open(f"{name}.partial", "w") as file:
    json.dump(found, file)
os.rename(f"{name}.partial", f"{name}.begun")
print("begun")
while not came and not os.path.exists(f"{name}.end"):
    time.sleep(0.01)
sys.exit(75 if came else int(code))
'''


def stand_in(request):
    """Be the `main` of calls: their command is the program above."""


@pytest.fixture
def calls(tmp_path, monkeypatch):
    (tmp_path / "program.py").write_text(PROGRAM)
    monkeypatch.setattr(stand_in, "__module__", "program")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def make(*names, on_gpu=False, code=0):
        for name in names:
            (tmp_path / f"{name}.request").write_text(f"{name} {code}")
        return [
            ngn.Call(
                name,
                stand_in,
                tmp_path / f"{name}.request",
                tmp_path,
                tmp_path / f"{name}.log",
                on_gpu,
            )
            for name in names
        ]

    return make


@pytest.fixture
def executor():
    made = []

    def make(**options):
        made.append(LocalExecutor(LocalExecutor.Options(**options)))
        return made[0]

    yield make
    for one in made:
        one.stop()


def begun(folder, name):
    file = folder / f"{name}.begun"
    while not file.exists():
        time.sleep(0.01)
    return json.loads(file.read_text())


def waited(executor):
    while not (ended := executor.ended()):
        time.sleep(0.01)
    return [(one.call.title, one.code) for one in ended]


def test_so_many_run_at_once_as_there_are_workers(calls, executor, tmp_path):
    made = executor(workers=2)
    made.start(calls("a", "b", "c"))
    begun(tmp_path, "a"), begun(tmp_path, "b")
    assert [one.title for one in made.waiting] == ["c"]
    (tmp_path / "b.end").touch()
    assert waited(made) == [("b", 0)]
    begun(tmp_path, "c")
    assert (tmp_path / "a.log").read_text() == "begun\n"


def test_workers_share_the_cores(calls, executor, tmp_path, monkeypatch):
    monkeypatch.setattr(ngn, "cores_here", lambda: 7)
    executor(workers=3).start(calls("a"))
    assert begun(tmp_path, "a")["OMP_NUM_THREADS"] == "2"


def test_threads_may_be_said(calls, executor, tmp_path):
    executor(threads=5).start(calls("a"))
    assert begun(tmp_path, "a")["OMP_NUM_THREADS"] == "5"


def test_codes_come_back_and_what_is_killed_is_lost(calls, executor, tmp_path):
    made = executor(workers=2)
    made.start([*calls("a", code=2), *calls("b")])
    (tmp_path / "a.end").touch()
    assert waited(made) == [("a", 2)]
    os.kill(begun(tmp_path, "b")["pid"], signal.SIGKILL)
    while not (ended := made.ended()):
        time.sleep(0.01)
    assert ended[0].code is None
    assert ended[0].reason == "its process was ended by signal 9"


def test_to_stop_is_to_ask_all_that_run_and_to_wait(calls, executor, tmp_path):
    made = executor(workers=2)
    made.start(calls("a", "b", "c"))
    pids = [begun(tmp_path, name)["pid"] for name in ("a", "b")]
    processes = [one.process for one in made.running]
    made.stop()
    assert [one.returncode for one in processes] == [75, 75]
    assert [one.pid for one in processes] == pids
    assert not (tmp_path / "c.begun").exists()


# GPUs ---------------------------------------------------------------------------------


def test_a_gpu_is_shared_as_long_as_its_memory_allows(
    calls, executor, tmp_path, monkeypatch
):
    gpus = [
        GPU("0", "GPU-big", 40.0, 1.0),  # for three
        GPU("1", "GPU-small", 10.0, 1.0),  # for one that is alone
        GPU("2", "GPU-full", 40.0, 38.0),  # with others' work
    ]
    monkeypatch.setattr(local, "visible_gpus", lambda: gpus)
    made = executor(workers=9, gpu_memory=12)
    made.start(calls("a", "b", "c", "d", "e", on_gpu=True))
    given = [one.gpu for one in made.running]
    assert given == ["GPU-big", "GPU-big", "GPU-big", "GPU-small"]
    assert begun(tmp_path, "d")["CUDA_VISIBLE_DEVICES"] == "GPU-small"
    assert [one.title for one in made.waiting] == ["e"]
    (tmp_path / "b.end").touch()
    assert waited(made) == [("b", 0)]
    assert begun(tmp_path, "e")["CUDA_VISIBLE_DEVICES"] == "GPU-big"


def test_one_runs_where_no_gpu_has_room(calls, executor, monkeypatch):
    full = [GPU("0", "GPU-fuller", 40.0, 39.0), GPU("1", "GPU-full", 40.0, 38.0)]
    monkeypatch.setattr(local, "visible_gpus", lambda: full)
    made = executor(workers=9)
    made.start(calls("a", "b", on_gpu=True))
    assert [one.gpu for one in made.running] == ["GPU-full"]


def test_without_a_number_there_is_one_worker_a_gpu(calls, executor, monkeypatch):
    two = [GPU("0", "GPU-a", 80.0, 0.0), GPU("1", "GPU-b", 80.0, 0.0)]
    monkeypatch.setattr(local, "visible_gpus", lambda: two)
    made = executor()
    made.start(calls("a", "b", "c", on_gpu=True))
    assert sorted(one.gpu for one in made.running) == ["GPU-a", "GPU-b"]


@pytest.mark.parametrize(
    ("visible", "found"),
    [(None, ["0", "1"]), ("1", ["1"]), ("GPU-aa", ["0"]), ("", []), ("-1", [])],
)
def test_gpus_are_those_that_cuda_sees(tmp_path, monkeypatch, visible, found):
    driver = tmp_path / "nvidia-smi"
    rows = "0, GPU-aabb, 81559, 1024\n1, GPU-ccdd, 40960, 0"
    driver.write_text(f"#!/bin/sh\necho '{rows}'\n")
    driver.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    if visible is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert [gpu.index for gpu in visible_gpus()] == found
    if visible == "GPU-aa":
        assert visible_gpus() == [GPU("0", "GPU-aabb", 81559 / 1024, 1.0)]


def test_without_a_driver_there_is_no_gpu(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert visible_gpus() == []


# a comparison -------------------------------------------------------------------------


def test_a_comparison_is_as_in_one_process(compare, predictions, threads):
    flags = ("--executor=local", "--executor-option=workers=2")
    code, printed = compare("local", 3, *flags, "--executor-option=threads=1")
    assert code == 0, printed.err
    assert "CGCNN formation_energy fold 1 seed 0: MAE" in printed.err
    assert "CGCNN" in printed.out
    code, _ = compare("here", 3)
    assert code == 0
    assert len(predictions("local")) == 2
    assert predictions("local") == predictions("here")
    assert threads("local") == [1, 1]


MAIN = "import sys; from ngn_core.cli.compare import main; sys.exit(main())"


def test_workers_write_a_checkpoint_when_their_caller_is_stopped(tmp_path):
    command = [
        *(sys.executable, "-c", MAIN, "cgcnn", "--limit=30"),
        *("--set=network.embed.node.width=8", "--epochs=10000", "--split=kfold:2"),
        *("--costs=none", f"--out={tmp_path}", f"--cache={tmp_path / 'cache'}"),
        *("--executor=local", "--executor-option=workers=1"),
    ]
    caller = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not list(tmp_path.glob(".partial/*/epochs.txt")):
        assert caller.poll() is None
        time.sleep(0.02)
    caller.terminate()
    _, said = caller.communicate()
    assert caller.returncode == 75, said
    assert "SIGTERM came: what is done is stored, the same call goes on." in said
    assert len(list(tmp_path.glob(".partial/*/work-0/checkpoint.ckpt"))) == 1
    (log,) = (file.read_text() for file in tmp_path.glob(".partial/workers/*.log"))
    assert "SIGTERM came: what is done is stored, the same call goes on." in log
