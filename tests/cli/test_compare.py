"""`ngn-compare` from the outside."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest

from ngn_core.cli.compare import main
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import result_folders

SMALL = [
    "--set",
    "network.embed.node.width=8",
    "--set",
    "network.blocks.0.repeat=1",
    "--set",
    "network.head.layers=[8, 1]",
]


@pytest.fixture
def compare(tmp_path, capsys):
    def call(*arguments):
        code = main(
            [
                "cgcnn",
                *SMALL,
                "--limit",
                "30",
                *(() if "--budget" in arguments else ("--epochs", "2")),
                "--out",
                str(tmp_path / "runs"),
                "--cache",
                str(tmp_path / "cache"),
                *arguments,
            ]
        )
        return code, capsys.readouterr()

    return call


def test_a_comparison_ends_in_tables_and_files(compare, tmp_path):
    code, printed = compare()
    assert code == 0
    assert (
        "emt_alloys: formation_energy (regression, eV/atom), 30 crystals" in printed.out
    )
    assert "CGCNN" in printed.out
    assert "Model data" in printed.out
    report = tmp_path / "runs" / "report"
    plain = json.loads((report / "comparison.json").read_text(encoding="utf-8"))
    (scores,) = (one for one in plain[0]["tables"] if one["name"] == "scores")
    units = {column["name"]: column["unit"] for column in scores["columns"]}
    assert units["mae"] == "eV/atom"
    assert scores["rows"][0]["trials"] == 5
    with (report / "comparison.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    assert float(rows[0]["mae [eV/atom]"]) > 0
    assert "| **CGCNN** |" in (report / "comparison.md").read_text(encoding="utf-8")


def test_the_same_call_again_trains_nothing(compare):
    compare()
    code, printed = compare()
    assert code == 0
    assert "5 of 5 trials are stored already" in printed.err
    assert "fold 0 seed 0" not in printed.err


def test_binary_targets_are_scored_as_such(compare):
    code, printed = compare("--target", "is_stable")
    assert code == 0
    assert "ROC-AUC" in printed.out
    assert "balanced accuracy" in printed.out


def test_several_targets_make_several_tables(compare):
    code, printed = compare("--target", "bulk_modulus", "--target", "is_stable")
    assert code == 0
    assert "bulk_modulus (regression, GPa)" in printed.out
    assert "is_stable (binary)" in printed.out


def test_seeds_make_more_trials(compare, tmp_path):
    code, printed = compare("--seeds", "2")
    assert code == 0
    results = [read_result(folder) for folder in result_folders(tmp_path / "runs")]
    assert sorted((r.fold, r.seed) for r in results) == [
        (fold, seed) for fold in range(5) for seed in range(2)
    ]
    assert "One seed" not in printed.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--target", "formation_enrgy"], "formation_energy"),
        (["--dataset", "nowhere"], "no such name, folder or file"),
        (["--device", "abacus"], "--device abacus"),
        (["--set", "train.epoch=3"], "Did you mean 'epochs'?"),
        (["--budget", "soon"], "expected a time like"),
        (["--seeds", "0"], "expected a number from 1 on"),
        (["--plugin", "nowhere.py"], "no such file"),
        (["schnett"], "Did you mean 'schnet'?"),
    ],
)
def test_mistakes_are_sentences_before_any_training(
    compare, tmp_path, arguments, sentence
):
    code, printed = compare(*arguments)
    assert code == 2
    assert sentence in printed.err
    assert "Traceback" not in printed.err
    assert not list(result_folders(tmp_path / "runs"))


def test_a_budget_is_said_and_equal_for_all(compare, tmp_path, monkeypatch):
    from ngn_core.comparison import fit_budget as affordable
    from ngn_core.comparison.budget import Rates

    # a machine as slow as the tests' neighbors make it would refuse
    rates = [Rates(graph=0.0, train=0.004, infer=0.0, trial=0.0)]
    monkeypatch.setattr(affordable, "measure", lambda *values: rates)
    code, printed = compare("--budget", "10s")
    assert code == 0
    assert "Budget 10s: " in printed.out
    epochs = {read_result(f).epochs for f in result_folders(tmp_path / "runs")}
    assert len(epochs) == 1


def test_help_and_import_load_no_torch():
    for code in (
        "import ngn_core",
        "from ngn_core.cli.compare import parser; parser().format_help()",
    ):
        check = f"import sys; {code}; sys.exit('torch' in sys.modules)"
        assert (
            subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
        )


def write_states(folder, states):
    import json as js

    rows = []
    for place, state in enumerate(states):
        a = 3.5 + 0.05 * place
        rows.append(
            {
                "id": f"row{place}",
                "lattice": [[a, 0, 0], [0, a, 0], [0, 0, a]],
                "species": ["Cu"],
                "frac": [[0, 0, 0]],
                "energy": a**2,
                "condition": state,
            }
        )
    folder.mkdir()
    text = "\n".join(js.dumps(row) for row in rows)
    (folder / "data.jsonl").write_text(text + "\n")


@pytest.mark.parametrize(
    ("states", "value"),
    [([float(n) for n in range(10)], "3.0"), (["hot", "cold"] * 5, "cold")],
)
def test_a_state_column_reaches_the_specs_that_have_a_state(
    tmp_path, capsys, states, value
):
    from ngn_core.cli.workbench import main as workbench

    data, runs = tmp_path / "data", tmp_path / "runs"
    write_states(data, states)
    arguments = ["--dataset", str(data), "--target", "energy", "--state", "condition"]
    arguments += ["--split", "kfold:2", "--epochs", "1", "--out", str(runs)]
    arguments += ["--cache", str(tmp_path / "cache")]
    assert main(["megnet", "cogn", *arguments]) == 0
    assert "coGN has no global state" in capsys.readouterr().out
    result = next(
        found
        for found in map(read_result, result_folders(runs))
        if found.spec == "MEGNet"
    )
    assert result.state["column"] == "condition"
    file = data / "data.jsonl"
    stateless = tmp_path / "stateless.jsonl"
    stateless.write_text(file.read_text(encoding="utf-8").replace("condition", "other"))
    assert workbench(["predict", str(runs), str(stateless)]) == 2
    assert "10 of 10 structures do not have (row0: None); give --state" in (
        capsys.readouterr().err
    )
    assert workbench(["predict", str(runs), str(file), "--state", "lukewarm"]) == 2

    def predicted(*arguments):
        out = tmp_path / "predicted.csv"
        assert workbench(["predict", str(runs), *arguments, "--out", str(out)]) == 0
        rows = csv.reader(out.read_text(encoding="utf-8").splitlines())
        return [row for row in rows if row[1] == "MEGNet"]

    own, same = predicted(str(file)), predicted(str(file), "--state", value)
    of_value = [str(state) == value for state in states]
    for one, other, equal in zip(own, same, of_value, strict=True):
        assert (one == other) == equal


def test_a_budget_that_runs_out_ends_after_whole_folds(compare, tmp_path, monkeypatch):
    from ngn_core.comparison import fit_budget as affordable
    from ngn_core.comparison import run_folds as rounds
    from ngn_core.comparison import session
    from ngn_core.comparison.budget import Plan

    # a clock of its own: 3 s at each look, whatever the machine does
    clock = SimpleNamespace(monotonic=partial(next, count(0, 3)))
    for room in (affordable, rounds, session):
        monkeypatch.setattr(room, "time", clock)
    monkeypatch.setattr(affordable, "measure", lambda *values: [])
    monkeypatch.setattr(affordable, "plan", lambda *values: Plan(30, 2))
    code, printed = compare("--budget", "15s")
    assert code == 0
    found = re.search(r"The budget ended after (\d) of 5 folds", printed.out)
    folds = {read_result(f).fold for f in result_folders(tmp_path / "runs")}
    assert found is not None
    assert folds == set(range(int(found[1])))


def test_a_dataset_of_several_columns_asks_for_its_target(tmp_path, capsys):
    write_states(tmp_path / "data", [float(n) for n in range(10)])
    assert main(["cogn", "--dataset", str(tmp_path / "data")]) == 2
    assert "say what to predict with --target" in capsys.readouterr().err
