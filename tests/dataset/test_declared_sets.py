"""The real data that the project was given, as their declarations have them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ngn_core.dataset.dataset import Target
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import declared
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select

HERE = Path(__file__).parent / "declarations"

# folder, target: rows that are meant, what is declared
EXPECTED = {
    ("matbench_jdft2d", "exfoliation_en"): (
        636,
        Target("meV/atom", None, "fold", "exfoliation_en", "atom"),
    ),
    ("matbench_phonons", "last_phdos_peak"): (
        1265,
        Target("1/cm", None, "fold", "last_phdos_peak", "none"),
    ),
    ("matbench_perovskites", "e_form"): (
        17928 - 1314,
        Target("eV/cell", None, "fold", "e_form", "cell"),
    ),
    ("matbench_log_kgvrh", "log10_K_VRH"): (
        6908,
        Target("log10(GPa)", None, "fold", "log10_K_VRH", "none"),
    ),
    ("matbench_log_kgvrh", "log10_G_VRH"): (
        6908,
        Target("log10(GPa)", None, "fold", "log10_G_VRH", "none"),
    ),
    ("matbench_dielectric", "n"): (3056, Target("", None, "fold", "n", "none")),
    ("matbench_mp_subset", "e_form"): (
        11780,
        Target("eV/atom", None, "fold_e_form", "e_form", "atom"),
    ),
    ("matbench_mp_subset", "gap_pbe"): (
        11780,
        Target("eV", None, "fold_gap", "gap_pbe", "none"),
    ),
    ("matbench_mp_subset", "is_metal"): (
        11780,
        Target("", "binary", "fold_gap", "gap_pbe", "none", 0),
    ),
    ("dielectric_petousis2017", "band_gap"): (
        1056,
        Target("eV", None, None, "band_gap", "none"),
    ),
    ("dielectric_petousis2017", "poly_total"): (
        1056,
        Target("", None, None, "poly_total", "none", None, "log10"),
    ),
    ("dielectric_petousis2017", "is_ferroelectric"): (
        1056,
        Target("", "binary", None, "pot_ferroelectric", "none", True),
    ),
    ("carbon_24", "energy_per_atom"): (
        1500,
        Target("eV/atom", None, None, "energy_per_atom", "atom"),
    ),
    ("qmof_subset", "band_gap_pbe"): (
        400,
        Target("eV", None, None, "band_gap_pbe", "none"),
    ),
    ("mlearn_forces", "energy"): (
        726,
        Target("eV/cell", None, None, "energy", "cell", reference="composition"),
    ),
    ("superconductors_3dsc", "tc"): (
        1500,
        Target("K", None, None, "tc", "none", None, "log1p"),
    ),
}


@pytest.fixture(scope="module")
def table_of(shared, registry):
    """Return a function of a folder's name; each is read once."""

    @cache
    def read(folder):
        source = str(shared / "data" / folder)
        said = DeclarationFlags(declaration=HERE / f"{folder}.yaml")
        return declared(open_dataset(source, registry), source, said)

    return read


@pytest.mark.parametrize(("folder", "target"), EXPECTED)
def test_every_set_is_read_as_it_is_declared(table_of, folder, target):
    table = table_of(folder)
    rows, expected = EXPECTED[folder, target]
    assert len(table.rows) == rows
    declared = table.targets[target]
    expected = replace(expected, benchmark=declared.benchmark)
    if expected.benchmark is not None:
        expected = replace(expected, task="regression")
    assert declared == expected
    found = select(table, target, limit=60, on_disorder="average")
    assert len(found) + len(found.skipped) == 60
    assert (found.target.unit, found.target.declared) == (expected.unit, expected)
    assert found.target.task == (expected.task or "regression")


def test_a_metal_is_a_row_whose_gap_is_exactly_zero(table_of):
    table = table_of("matbench_mp_subset")
    found = select(table, "is_metal", limit=500)
    gaps = {row.id: row.columns["gap_pbe"] for row in table.rows}
    expected = [float(gaps[name] == 0) for name in found.ids]
    assert found.target.values.tolist() == expected
    assert 0.2 < np.mean(expected) < 0.8


def test_rows_that_are_not_meant_are_counted(table_of):
    table = table_of("matbench_perovskites")
    assert "1,314 of 17,928 rows left out" in table.note
    assert {row.columns["match"] for row in table.rows} == {
        "unique_composition",
        "composition+spg",
        "composition+target",
        "composition+spg+target",
        "composition+target_close",
        "equal_targets",
        "model",
    }


def test_every_set_with_a_target_has_its_declaration(shared):
    without = {"cif_zoo", "spglib_poscars", "phonon_dos_petretto2018"}
    folders = {
        folder.name
        for folder in (shared / "data").glob("*")
        if (folder / "data.jsonl.gz").exists()
    }
    assert {file.stem for file in HERE.glob("*.yaml")} == folders - without
