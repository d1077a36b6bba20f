"""What a dataset is declared to be, from the command line to the table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ngn_core.cli.compare import main
from ngn_core.cli.workbench import main as workbench
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import result_folders

SMALL = [
    "cgcnn",
    "--set=network.embed.node.width=8",
    "--set=network.blocks.0.repeat=1",
    "--set=network.head.layers=[8, 1]",
    "--epochs=2",
    "--split=kfold:2",
]


@pytest.fixture
def data(tmp_path):
    """A folder of twelve crystals of copper, of one and of two atoms."""
    rows = []
    for place in range(12):
        a, atoms = 3.4 + 0.02 * place, 1 + place % 2
        rows.append(
            {
                "id": f"c{place}",
                "lattice": np.diag([a, a, a * atoms]).tolist(),
                "species": ["Cu"] * atoms,
                "frac": [[0, 0, copy / atoms] for copy in range(atoms)],
                "energy": -3.5 * atoms,
                "bulk": 100.0 + place**2,
                "kind": "metal" if place % 3 else "other",
                "quality": "good" if place < 10 else "poor",
            }
        )
    folder = tmp_path / "data"
    folder.mkdir()
    text = "\n".join(json.dumps(row) for row in rows)
    (folder / "data.jsonl").write_text(text + "\n")
    return folder


@pytest.fixture
def compare(tmp_path, data, capsys):
    def call(*arguments):
        files = ["--out", str(tmp_path / "runs"), "--cache", str(tmp_path / "cache")]
        code = main([*SMALL, "--dataset", str(data), *files, *arguments])
        return code, capsys.readouterr()

    return call


def test_a_declaration_beside_the_data_is_read(compare, data):
    (data / "dataset.yaml").write_text(
        "targets:\n"
        "  energy: {unit: eV, per: cell, reference: composition}\n"
        "where: {quality: good}\n"
    )
    code, printed = compare()
    assert code == 0
    assert "energy (regression, eV/cell), 10 crystals" in printed.out
    assert "2 of 12 rows left out by where: quality: 'good'." in printed.out
    assert "fitted on each training part" in printed.out


def test_flags_say_it_as_well(compare, tmp_path):
    flags = ["--unit=GPa", "--per=none", "--transform=log10", "--where=kind=metal"]
    code, printed = compare("--target=bulk", *flags)
    assert code == 0
    assert "bulk (regression, GPa), 8 crystals" in printed.out
    assert "dex" in printed.out
    assert "(x " in printed.out
    assert "Trained on log10 of bulk" in printed.out
    result = read_result(next(result_folders(tmp_path / "runs")))
    assert [score.unit for score in result.scores] == ["GPa", "GPa", "dex", "dex"]


def test_a_label_is_predicted(compare):
    code, printed = compare("--target=kind", "--positive=metal")
    assert code == 0
    assert "kind (binary), 12 crystals" in printed.out
    for title in ("ROC-AUC", "average precision", "Brier", "prevalence"):
        assert title in printed.out
    assert "kind is 1 for 'metal', else 0." in printed.out


def test_another_file_may_declare_them(compare, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("targets: {b: {column: bulk, unit: GPa}}\n")
    code, printed = compare("--declaration", str(file), "--unit=Pa")
    assert code == 0
    assert ": b (regression, Pa), 12 crystals" in printed.out


def test_all_that_is_wrong_is_said_before_any_training(compare, data, tmp_path):
    (data / "dataset.yaml").write_text("targets: {enrgy: {per: cell}}\nwhere: {x: 1}\n")
    code, printed = compare("--unit=eV", "--task=regrezion", "--group=kid")
    assert code == 2
    for sentence in (
        "dataset.yaml:1: targets.enrgy: found the column 'enrgy'",
        "dataset.yaml:2: where.x: found the column 'x'",
        "--task regrezion: targets.enrgy.task: found 'regrezion'",
        "--group kid: group: found the column 'kid'",
        "Did you mean 'kind'?",
    ):
        assert sentence in printed.err
    assert not list(result_folders(tmp_path / "runs"))


def test_a_readout_against_the_target_is_refused_by_name(compare):
    cell = ["--target=energy", "--unit=eV", "--per=cell"]
    code, printed = compare(*cell, "--set=network.readout=mean")
    assert code == 2
    assert "network.readout: found mean, which does not grow" in printed.err
    assert "energy, per: cell does, and cells differ in size" in printed.err
    code, _ = compare(*cell, "--set=network.readout={use: mean, against_target: true}")
    assert code == 0


def test_what_is_wrong_with_one_target_is_said_before_another_is_trained(
    compare, data, tmp_path
):
    (data / "dataset.yaml").write_text(
        "targets: {bulk: {per: none}, energy: {per: cell}}\n"
    )
    code, printed = compare(
        "--target=bulk", "--target=energy", "--set=network.readout=mean"
    )
    assert code == 2
    assert "energy, per: cell does, and cells differ in size" in printed.err
    assert not list(result_folders(tmp_path / "runs"))


def test_a_headerless_table_is_shown_without_a_unit(tmp_path, compare, capsys, cif):
    folder = tmp_path / "cifs"
    folder.mkdir()
    values = []
    for place in range(8):
        text = cif.replace("5.64", f"{5.4 + 0.05 * place:.2f}")
        (folder / f"salt{place}.cif").write_text(text)
        values.append(f"salt{place},{0.5 * place}")
    (folder / "id_prop.csv").write_text("\n".join(values) + "\n")
    code, printed = compare("--dataset", str(folder))
    assert code == 0
    assert "cifs: target (regression, ?), 8 crystals" in printed.out


def test_prepare_builds_the_rows_that_are_meant(data, tmp_path, capsys):
    arguments = ["cgcnn", "--dataset", str(data), "--cache", str(tmp_path / "cache")]
    assert workbench(["prepare", *arguments, "--where=quality=good"]) == 0
    assert "10 built" in capsys.readouterr().out
    assert workbench(["prepare", *arguments, "--where=quality=good"]) == 0
    assert "10 crystals were there already, 0 built" in capsys.readouterr().out
