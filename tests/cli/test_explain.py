"""`ngn explain`: cost first, then shares, on the terminal and in files."""

from __future__ import annotations

import json

import pytest

from ngn_core.cli.workbench import main

LOW = """\
extends: cogn
name: low
graph: {edges: {neighbors: 2}}
network:
  embed: {node: {width: 8}, edge: {width: 8}}
  blocks: [{use: cogn, message_layers: 1}]
"""


@pytest.fixture
def explain(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "low.yaml").write_text(LOW)
    (tmp_path / "high.yaml").write_text(
        "extends: low.yaml\nname: high\ngraph: {edges: {neighbors: 3}}\n"
        "network: {readout: sum, head: {layers: [8, 1]}}\n"
    )
    common = ["--limit", "8", "--epochs", "1", "--split", "kfold:2", "--cache", "cache"]

    def run(*more):
        return main(["explain", "low.yaml", "high.yaml", *common, *more])

    return run


def test_a_sum_of_what_is_per_atom_is_refused_before_anything_runs(explain, capsys):
    assert explain("--plan") == 2
    assert "network.readout" in capsys.readouterr().err


def test_the_plan_trains_nothing_and_the_walk_adds_up(explain, tmp_path, capsys):
    text = (tmp_path / "high.yaml").read_text().replace("readout: sum, ", "")
    (tmp_path / "high.yaml").write_text(text)
    assert explain("--plan") == 0
    said = capsys.readouterr().out
    assert "connectivity" in said
    assert "6 specs in 12 trials, 0 of them stored" in said
    assert not (tmp_path / "runs").exists()
    assert explain() == 0
    folder = tmp_path / "runs" / "explain"
    found = json.loads((folder / "explanation.json").read_text())
    changes = [share["mean"] for share in found["shares"]]
    assert sum(changes) == pytest.approx(found["total"]["mean"])
    assert "<title>low to high on emt_alloys" in (
        folder / "explanation.html"
    ).read_text(encoding="utf-8")
    capsys.readouterr()
    assert explain("--plan") == 0
    assert "all of them stored already" in capsys.readouterr().out
