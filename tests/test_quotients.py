"""coGN predicts the same on crystals, asymmetric units and orbits of real crystals."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "symmetry.py"
COMMITTED = SCRIPT.parent / "results" / "symmetry.json"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("symmetry", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def phonons(shared):
    return str(shared / "data" / "matbench_phonons")


def test_quotients_of_real_crystals_predict_what_the_crystals_predict(
    script, phonons, registry
):
    found = script.compare(phonons, 60, registry)
    assert found["crystals"] == 60
    assert not found["failures"]
    for precision, bar in (("float32", 1e-5), ("float64", 1e-12)):
        apart = found["deviations"][precision]
        assert apart["std_of_outputs"] > 0.01
        for symmetry in ("asymmetric", "orbits"):
            assert apart[symmetry]["largest"] < bar
            assert apart[symmetry]["largest_over_std"] < 10 * bar
    edges = [sizes["edges_per_crystal"] for sizes in found["settings"].values()]
    assert edges[0] > 1.5 * edges[1] > 1.5 * edges[2]


def test_the_committed_result_is_of_every_structure():
    found = json.loads(COMMITTED.read_text())
    assert found["dataset"] == "matbench_phonons"
    assert found["crystals"] == 1265
    assert not found["failures"]
    for symmetry in ("asymmetric", "orbits"):
        apart = found["deviations"]["float32"][symmetry]
        assert apart["largest"] < 1e-5
        assert apart["above_bar"] == 0


def test_the_script_writes_what_it_prints(
    script, phonons, tmp_path, monkeypatch, capsys
):
    out = tmp_path / "new" / "symmetry.json"
    monkeypatch.setattr(
        sys, "argv", ["symmetry.py", phonons, "--limit", "3", "--out", str(out)]
    )
    script.main()
    written = json.loads(out.read_text())
    assert written["crystals"] == 3
    assert written["environment"]["threads"] == 1
    printed = capsys.readouterr().out
    assert "3 crystals" in printed
    for symmetry in ("none", "asymmetric", "orbits"):
        assert symmetry in printed
