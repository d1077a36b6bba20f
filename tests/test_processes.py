"""Workers end when the process that started them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

POOL = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from ngn_core.processes import end_with_parent

if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, spawn, end_with_parent) as workers:
        done = [workers.submit(os.getpid) for _ in range(50)]
        print(*{one.result() for one in done}, flush=True)
        time.sleep(600)
"""


def test_workers_without_work_end_when_their_parent_is_killed(tmp_path):
    (tmp_path / "pool.py").write_text(POOL)
    with subprocess.Popen(
        [sys.executable, tmp_path / "pool.py"], stdout=subprocess.PIPE, text=True
    ) as parent:
        workers = parent.stdout.readline().split()
        assert workers
        assert running(workers) == workers
        os.kill(parent.pid, signal.SIGKILL)
    ends = time.monotonic() + 120
    while running(workers) and time.monotonic() < ends:
        time.sleep(0.1)
    assert not running(workers)


def running(processes):
    """Return those that have not ended, whether or not anybody has asked how."""
    states = {one: Path(f"/proc/{one}/stat") for one in processes}
    return [
        one
        for one, file in states.items()
        if file.exists() and file.read_text().rpartition(")")[2].split()[0] != "Z"
    ]
