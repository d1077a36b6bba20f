"""The flags of a split, from the outside."""

from __future__ import annotations

import csv
import json

import pytest

from ngn_core.cli.compare import main
from ngn_core.crystal.elements import symbol_of
from ngn_core.dataset.open import open_dataset


@pytest.fixture(scope="module")
def data(registry, tmp_path_factory):
    file = tmp_path_factory.mktemp("split") / "mine.jsonl"
    with file.open("w") as lines:
        for number, row in enumerate(open_dataset("emt_alloys", registry).rows[:24]):
            crystal = row.crystal()
            plain = {
                "id": row.id,
                "lattice": crystal.lattice.tolist(),
                "frac": crystal.frac.tolist(),
                "species": [symbol_of(int(number)) for number in crystal.numbers],
                "energy": row.columns["formation_energy"],
                "batch": "abcd"[number % 4],
            }
            lines.write(json.dumps(plain) + "\n")
    return file


@pytest.fixture
def compare(data, tmp_path, capsys):
    def call(*arguments):
        small = ("--set", "network.blocks.0.repeat=1", "--epochs", "1")
        asked = ["cgcnn", "--dataset", str(data), "--target", "energy", *small]
        asked += ["--out", str(tmp_path / "runs"), "--cache", str(tmp_path / "cache")]
        return main([*asked, *arguments]), capsys.readouterr()

    return call


def test_the_heading_says_how_folds_were_made(compare, tmp_path):
    code, printed = compare("--split", "group:2", "--by", "batch")
    assert code == 0
    assert "24 crystals, 2 folds (grouped by batch, seed 0), 1 seed" in printed.out
    with (tmp_path / "runs" / "report" / "comparison.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 2


def test_a_file_names_the_folds(compare, data, tmp_path):
    ids = [json.loads(line)["id"] for line in data.read_text().splitlines()]
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"folds": [ids[:8], ids[8:]]}))
    code, printed = compare("--split", str(file))
    assert code == 0
    assert "2 folds (of mine.json)" in printed.out
    file.write_text(json.dumps({"folds": [ids[:8], ids[9:]]}))
    code, printed = compare("--split", str(file))
    assert code == 2
    assert f"1 are not in the file: {ids[8]}" in printed.err


def test_folds_that_cannot_be_made_are_a_sentence(compare):
    code, printed = compare("--by", "batch")
    assert code == 2
    assert "5 folds need as many groups; found 4 groups by batch" in printed.err
    code, printed = compare("--split", "kfold:2", "--by", "batch")
    assert code == 2
    assert "write --split group:2 --by batch" in printed.err
