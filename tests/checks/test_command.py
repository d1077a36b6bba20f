"""`ngn check` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ngn_core.cli.workbench import main

PLUGIN = Path(__file__).parent / "mistaken.py"
SPEC = """
name: mistaken
graph: {edges: {use: knn, neighbors: 8}}
network:
  embed:
    node: {use: element, width: 6}
    edge: {use: gaussian, of: length, bins: 6, stop: 5.0}
  blocks: [{use: mistaken}]
  readout: mean
  head: {use: mlp, layers: [1]}
train: {epochs: 1, batch_size: 8, optimizer: {use: adam, lr: 0.01}}
"""


@pytest.fixture
def check(capsys, tmp_path, monkeypatch):
    """A function that runs the command on a stranger's network."""
    monkeypatch.setenv("COLUMNS", "120")
    spec = tmp_path / "mistaken.yaml"
    spec.write_text(SPEC)

    def run(*arguments):
        asked = ["check", str(spec), "--plugin", str(PLUGIN), "--limit", "6"]
        code = main([*asked, *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def test_laws_that_hold(check):
    code, out, _ = check("--self-test")
    assert code == 0
    assert "all laws hold" in out
    assert out.count("caught by") == 3
    for word in ("rotation", "supercell", "orbits = none", "gradients", "nodes"):
        assert word in out


def test_exempt_laws_are_named_with_their_reason_once(check):
    literal = ["--set", "graph.closure=literal", "--set", "graph.symmetry=none"]
    code, out, _ = check(*literal)
    assert code == 0
    assert out.count("exempt ") == 10  # nine laws and the verdict
    assert out.count("closure: literal") == 1
    assert "all laws hold that the spec is not exempt from" in out


def test_a_law_that_is_broken_as_json_alone(check):
    code, out, _ = check("--json", "--set", "network.blocks.0.mistake=direction")
    assert code == 1
    told = json.loads(out)
    assert told["passed"] is False
    laws = {line["law"]: line for line in told["lines"] if line["what"] == "outputs"}
    assert laws["rotation"]["verdict"] == "broken"
    assert laws["rotation"]["deviation"] > told["tolerance"]
    assert laws["translation"]["verdict"] == "holds"
    assert told["sizes"]["symmetry: orbits"]["edge"] > 0


def test_the_tolerance_and_the_seed_are_the_users(check):
    code, out, _ = check("--tolerance", "1e-30", "--seed", "5", "--json")
    assert code == 1
    told = json.loads(out)
    assert told["tolerance"] == 1e-30
    assert told["seed"] == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tolerance", "0"], "expected more than 0"),
        (["--seed", "-1"], "expected 0 or more"),
        (["--dataset", "nowhere"], "no such name"),
        (["--set", "graph.symm=none"], "symmetry"),
    ],
)
def test_what_cannot_be_asked_is_said(check, arguments, said):
    code, _, err = check(*arguments)
    assert code == 2
    assert said in err


def test_a_dataset_without_targets_and_with_bad_rows(check, tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    rows = [
        {
            "id": f"cubic {edge}",
            "lattice": [[edge, 0, 0], [0, edge, 0], [0, 0, edge]],
            "species": ["Na", "Cl"],
            "frac": [[0, 0, 0], [0.5, 0.5, 0.5]],
        }
        for edge in (3.4, 3.6, 3.9)
    ]
    rows.append({**rows[0], "id": "on top", "frac": [[0, 0, 0], [0, 0, 0.01]]})
    rows.append({**rows[0], "id": "mixed", "species": ["Na", {"Cl": 0.5, "Br": 0.5}]})
    (folder / "data.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code, _, told = check("--dataset", folder)
    assert code == 2
    assert "--on-disorder average" in told
    code, out, _ = check("--dataset", folder, "--on-disorder", "skip")
    assert code == 0
    assert "no graph: 2 crystals" in out
    assert "partly occupied or shared" in out
