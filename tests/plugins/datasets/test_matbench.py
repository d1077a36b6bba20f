"""MatBench's tasks through the matbench package, served from small local files.

The files have the format of the real ones and are put where matminer looks for its
downloads, so that all loading code is the real one.
"""

from __future__ import annotations

import gzip
import sys

import numpy as np
import pytest

pytest.importorskip("matbench", reason="pip install --no-deps matbench==0.6")

import pandas as pd
import requests
from matbench.metadata import mbv01_validation
from matminer.utils.io import store_dataframe_as_json
from pymatgen.core import Lattice, Structure

import ngn_core.api as ngn
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import declared
from ngn_core.dataset.select import select
from ngn_plugins.datasets.jsonl import JSONLines
from ngn_plugins.datasets.matbench import MatBench

FOLD = [1, 0, 4, 2, 3, 0, 1, 2, 3, 4, 4, 0]


def salt(edge):
    return Structure(Lattice.cubic(edge), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return the empty folder where matminer looks for its downloads."""
    monkeypatch.setenv("MATMINER_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def serve(home, monkeypatch):
    """Return a function that serves a task of 12 rows with folds of its own."""

    def serve(task, target, values):
        prefix = task.replace("matbench", "mb").replace("_", "-")
        ids = [f"{prefix}-{number:02d}" for number in range(1, 13)]
        frame = pd.DataFrame(
            {"structure": [salt(4.0 + 0.1 * i) for i in range(12)], target: values}
        )
        file = str(home / f"{task}.json.gz")
        store_dataframe_as_json(frame, file, compression="gz", pbar=False)
        folds = {
            f"fold_{k}": {
                "train": [i for i, fold in zip(ids, FOLD, strict=True) if fold != k],
                "test": [i for i, fold in zip(ids, FOLD, strict=True) if fold == k],
            }
            for k in range(5)
        }
        monkeypatch.setitem(mbv01_validation.splits, task, folds)
        return ids

    return serve


def test_a_task_comes_with_its_folds_and_unit(serve, capsys):
    values = [0.5 * i for i in range(12)]
    ids = serve("matbench_jdft2d", "exfoliation_en", values)
    table = MatBench().load("matbench_jdft2d")
    assert table.name == "matbench_jdft2d"
    assert table.targets == {
        "exfoliation_en": ngn.Target("meV/atom", "regression", "fold")
    }
    found = select(table, "exfoliation_en")
    assert list(found.ids) == ids
    assert found.fold.tolist() == FOLD
    assert found.fold_source == "official"
    assert found.target.values.tolist() == values
    assert [c.lattice[0, 0] for c in found.crystals] == pytest.approx(
        [4.0 + 0.1 * i for i in range(12)]
    )
    assert found.crystals[0].numbers.tolist() == [11, 17]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("task", "column", "target", "unit"),
    [
        ("matbench_phonons", "last phdos peak", "last_phdos_peak", "1/cm"),
        ("matbench_log_kvrh", "log10(K_VRH)", "log10_K_VRH", "log10(GPa)"),
        ("matbench_log_gvrh", "log10(G_VRH)", "log10_G_VRH", "log10(GPa)"),
        ("matbench_perovskites", "e_form", "e_form", "eV/cell"),
        ("matbench_mp_e_form", "e_form", "e_form", "eV/atom"),
        ("matbench_mp_gap", "gap pbe", "gap_pbe", "eV"),
        ("matbench_dielectric", "n", "n", ""),
    ],
)
def test_every_task_of_regression_loads(serve, task, column, target, unit):
    serve(task, column, [0.5 * i for i in range(12)])
    table = MatBench().load(task)
    assert table.targets == {target: ngn.Target(unit, "regression", "fold")}
    assert len(select(table, target)) == 12


def test_a_metal_is_a_class(serve):
    serve("matbench_mp_is_metal", "is_metal", [True, False, False] * 4)
    table = MatBench().load("matbench_mp_is_metal")
    assert table.targets == {"is_metal": ngn.Target("", "binary", "fold")}
    found = select(table, "is_metal")
    assert found.target.task == "binary"
    assert found.target.values.tolist() == [1.0, 0.0, 0.0] * 4


def test_the_whole_real_task_equals_the_local_folder(home, shared):
    local = select(JSONLines().load(str(shared / "matbench_jdft2d")), "exfoliation_en")
    structures = [
        Structure(Lattice(crystal.lattice), crystal.numbers, crystal.frac)
        for crystal in local.crystals
    ]
    frame = pd.DataFrame(
        {"structure": structures, "exfoliation_en": local.target.values}
    )
    file = str(home / "matbench_jdft2d.json.gz")
    store_dataframe_as_json(frame, file, compression="gz", pbar=False)
    table = declared(MatBench().load("matbench_jdft2d"), None, DeclarationFlags())
    found = select(table, "exfoliation_en")
    assert found.digest == local.digest
    folder = JSONLines().load(str(shared / "matbench_jdft2d"))
    target = declared(folder, None, DeclarationFlags()).targets["exfoliation_en"]
    assert table.targets == {"exfoliation_en": target}
    assert found.called == "matbench_jdft2d"
    assert np.bincount(found.fold).tolist() == [128, 127, 127, 127, 127]


def test_a_file_of_another_length_than_the_folds_is_refused(serve, home):
    serve("matbench_jdft2d", "exfoliation_en", [0.5] * 12)
    mbv01_validation.splits["matbench_jdft2d"]["fold_0"]["test"].pop()
    with pytest.raises(ngn.DatasetError, match="holds 12 rows.*name 11"):
        MatBench().load("matbench_jdft2d")


def test_without_network_the_reason_and_the_way_out_are_named(home, monkeypatch):
    def fail(*args, **kwargs):
        raise requests.ConnectionError("no route to host")

    monkeypatch.setattr(requests, "get", fail)
    with pytest.raises(ngn.DatasetError) as error:
        MatBench().load("matbench_jdft2d")
    for part in ("no route to host", "MATMINER_DATA", "local folder"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"[1, 2" * 99)[:-9], b"no gzip"],
    ids=["cut off", "no gzip"],
)
def test_a_half_written_download_is_refused(home, content):
    (home / "matbench_jdft2d.json.gz").write_bytes(content)
    with pytest.raises(ngn.DatasetError, match="could not download or read"):
        MatBench().load("matbench_jdft2d")


def test_without_the_package_two_commands_are_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matbench.task", None)
    with pytest.raises(ngn.DatasetError) as error:
        MatBench().load("matbench_jdft2d")
    assert 'pip install "matminer>=0.9"' in str(error.value)
    assert "pip install --no-deps matbench==0.6" in str(error.value)


def test_tasks_without_crystals_are_refused():
    with pytest.raises(ngn.DatasetError, match="compositions, not crystals"):
        MatBench().load("matbench_steels")


def test_an_unknown_task_suggests_another():
    with pytest.raises(ngn.DatasetError, match="Did you mean 'matbench_jdft2d'"):
        MatBench().load("matbench_jdf2d")
