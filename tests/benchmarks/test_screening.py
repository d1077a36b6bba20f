"""The benchmark of screening makes what it says, and sees the memory of all."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ngn_core.crystal.reading import from_arrays
from ngn_core.prediction.screened_input import rows_of

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "screening.py"


@pytest.fixture(scope="module")
def crystals():
    """A crystal of each number of sites, on a cubic grid."""
    grid = np.stack(np.meshgrid(*[np.arange(4)] * 3), axis=-1).reshape(-1, 3) / 4
    lattice = np.diag([12.0, 13.0, 14.0]).tolist()
    return [
        (f"c{n}", from_arrays(lattice, ["Cu"] * n, grid[:n].tolist(), {}))
        for n in range(10, 31)
    ]


@pytest.fixture
def made(script, crystals, tmp_path, monkeypatch):
    monkeypatch.setattr(script, "shared_crystals", lambda data: crystals)
    monkeypatch.setattr(script, "FILE", 700)
    return lambda rows: script.write_input(Path("unread"), tmp_path / "in", rows)


def test_the_input_has_twenty_sites_in_the_mean_and_no_two_rows_alike(
    made, registry, tmp_path
):
    made(2000)
    files = sorted((tmp_path / "in").iterdir())
    assert [file.name for file in files] == [f"000{n}.jsonl.gz" for n in range(3)]
    rows = list(rows_of(tmp_path / "in", registry))
    found = [row.crystal() for row in rows]
    assert len({row.id for row in rows}) == 2000
    sites = [len(crystal.frac) for crystal in found]
    assert (min(sites), max(sites)) == (10, 30)
    assert np.mean(sites) == pytest.approx(20, abs=0.5)  # 3 standard errors
    edges = np.array([crystal.lattice[0, 0] for crystal in found])
    assert len(set(edges)) == 2000
    assert (abs(edges / 12 - 1) <= 0.02).all()
    shapes = [crystal.lattice / crystal.lattice[0, 0] for crystal in found]
    assert np.ptp(shapes, axis=0).max() < 1e-12


def test_rows_depend_on_their_place_alone_and_are_made_once(made, tmp_path):
    made(2000)
    files = {file: file.read_bytes() for file in (tmp_path / "in").iterdir()}
    times = {file: file.stat().st_mtime_ns for file in files}
    made(2000)
    assert {file: file.stat().st_mtime_ns for file in files} == times
    gone = tmp_path / "in" / "0001.jsonl.gz"
    gone.unlink()
    made(2000)
    assert {file: file.read_bytes() for file in files} == files
    with gzip.open(gone, "rt") as lines:
        assert json.loads(next(lines))["id"].startswith("700-")


def test_memory_is_that_of_a_process_and_of_what_it_started(script):
    takes = "import sys; x = b'x' * {0}; print(flush=True); sys.stdin.read()"
    inner = takes.format(80_000_000)
    outer = (
        "import subprocess, sys; x = b'x' * 40_000_000; "
        f"subprocess.run([sys.executable, '-c', {inner!r}])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        footprint = script.Footprint()
        for done in (0, 5_000, 9_000, 12_000):
            footprint.look(child.pid, done)
        child.stdin.close()
    shown = pytest.approx(footprint.shared / 2**20, rel=0.1)
    assert footprint.series == {0: shown, 10: shown}
    found = footprint.memory(child.pid)
    assert found["processes"] == 2
    assert 38 < found["parent_mib"] < 76
    both = found["sum_of_the_peaks_of_all_mib"]
    assert 114 < both < 200
    assert 114 < found["all_at_once_what_they_share_counted_once_mib"] <= both


def test_what_several_calls_did_is_summed(script):
    def call(new, seconds, mib):
        memory = {"sum_of_the_peaks_of_all_mib": mib}
        spent = {"new": new, "waited": seconds / 2, "networks": 1.0}
        times = {"parent": seconds / 4, "others": seconds}
        common = {"seconds": seconds, "processor_seconds": times, "memory": memory}
        return {**spent, **common}

    found = script.summary([call(600, 6.0, 900), call(400, 4.0, 2100)], 2, {})
    assert (found["rows"], found["seconds"]) == (1000, 10.0)
    assert found["crystals_per_second"] == 100
    assert found["processor_ms_per_crystal"] == {"parent": 2.5, "others": 10.0}
    assert found["share_of_the_time"]["waiting for graphs"] == 0.5
    assert not found["holds"]
