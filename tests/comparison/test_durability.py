"""Comparisons that are killed, stopped and shared: no lost, half or second result."""

from __future__ import annotations

import importlib.util
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from ngn_core.cli.compare import main
from ngn_core.cli.workbench import main as workbench

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "kills.py"

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(not SCRIPT.exists(), reason="benchmarks come with a checkout"),
]


@pytest.fixture(scope="module")
def kills():
    spec = importlib.util.spec_from_file_location("kills", SCRIPT)
    module = sys.modules["kills"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cache(kills, tmp_path_factory):
    """A cache of the graphs; all that a comparison imports is imported on the way."""
    folder = tmp_path_factory.mktemp("cache").resolve()
    assert main([*kills.CALL, f"--out={folder / 'runs'}", f"--cache={folder}"]) == 0
    return folder


@pytest.fixture(scope="module")
def whole(kills, cache, tmp_path_factory):
    """What an uninterrupted comparison left, and its changes to files."""
    folder = tmp_path_factory.mktemp("whole").resolve()
    assert kills.begin(folder, cache)() == 0
    return kills.found(folder), int(kills.said(folder, "counted")[0])


@pytest.fixture
def folder(tmp_path):
    return tmp_path.resolve()


@pytest.fixture
def begin(kills, folder, cache):
    return partial(kills.begin, folder, cache)


@pytest.fixture
def log(folder):
    return lambda: (folder / "log").read_text(encoding="utf-8")


def test_a_comparison_killed_at_seeded_moments_ends_as_the_uninterrupted_one(
    kills, begin, whole, folder
):
    left, count = whole
    drawn = random.Random(0)
    for _ in range(4):
        assert begin(moment=drawn.randrange(1, count // 3))() == -signal.SIGKILL
    assert begin()() == 0
    assert kills.found(folder) == left
    assert sorted(kills.said(folder, "computed")) == sorted(left.results)  # each once


def test_a_kill_after_the_first_trial_does_not_compute_it_again(
    kills, begin, whole, folder
):
    left, count = whole
    assert begin(moment=count // 2)() == -signal.SIGKILL
    (first,) = kills.said(folder, "computed")
    assert begin()() == 0
    assert kills.said(folder, "computed") == [first, *(left.results.keys() - {first})]
    assert kills.found(folder) == left


def test_sigterm_ends_a_comparison_with_75_and_the_next_call_goes_on(
    kills, begin, whole, folder, capsys
):
    left, count = whole
    assert begin(moment=count // 7, number=signal.SIGTERM)() == 75
    assert workbench(["status", str(folder / "runs")]) == 75
    assert "SIGTERM came" in capsys.readouterr().out
    assert begin()() == 0
    assert kills.found(folder) == left
    assert workbench(["status", str(folder / "runs")]) == 0


def test_calls_at_once_share_cache_and_trials_and_make_the_same_table(
    kills, begin, whole, folder
):
    left, _ = whole
    empty = [f"--cache={folder / 'cache'}"]
    calls = [begin([*empty, *more]) for more in ([], ["--shard=2/2"], [])]
    assert [wait() for wait in calls] == [0, 0, 0]
    assert kills.found(folder) == left
    assert sorted(kills.said(folder, "computed")) == sorted(left.results)


def mounted(folder, options):
    """Return whether a file system in memory could be put there."""
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def disk(folder):
    """A small disk at `runs`."""
    runs = folder / "runs"
    if not mounted(runs, "size=24m"):
        pytest.skip("this user may not mount a file system")
    yield runs
    subprocess.run(["umount", "--lazy", str(runs)], check=True)


@pytest.mark.parametrize("room", [20_000, 100_000])
def test_a_full_disk_is_a_sentence_and_no_result_is_lost(
    kills, begin, whole, folder, disk, log, room
):
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    ballast.write_bytes(bytes(free - room))
    assert begin()() != 0
    assert "No space left on device" in log()
    assert "Traceback" not in log()
    ballast.unlink()
    assert begin()() == 0
    assert kills.found(folder) == whole[0]


def test_a_limit_on_files_is_a_sentence_and_no_result_is_lost(
    kills, begin, whole, folder, log
):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    assert begin(prepare=limit)() != 0
    assert "File too large" in log()
    assert "Traceback" not in log()
    assert begin()() == 0
    assert kills.found(folder) == whole[0]


def test_a_folder_that_can_only_be_read_is_a_sentence(begin, folder, disk, log):
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert begin()() != 0
    assert f"cannot write results to {disk}" in log()
    assert "Traceback" not in log()


def test_a_report_of_results_that_can_only_be_read_goes_elsewhere(
    begin, whole, folder, disk, capsys
):
    assert begin()() == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert workbench(["report", str(disk)]) != 0
    assert "Read-only file system" in capsys.readouterr().err
    assert workbench(["report", str(disk), f"--out={folder / 'report'}"]) == 0
    assert (folder / "report" / "comparison.json").exists()


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_packed_graph_is_built_again(
    kills, begin, whole, folder, cache, damage
):
    own = folder / "cache"
    shutil.copytree(cache, own, ignore=shutil.ignore_patterns("runs"))
    file = max(own.rglob("*.npy"), key=lambda one: one.stat().st_size)
    content = file.read_bytes()
    file.unlink() if damage == "gone" else os.truncate(file, len(content) // 2)
    assert begin([f"--cache={own}"])() == 0
    assert kills.found(folder) == whole[0]
    assert file.read_bytes() == content
