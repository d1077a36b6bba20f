"""The real data that the project was given, where it lies beside the repository."""

from __future__ import annotations

import numpy as np
import pytest

import ngn_core.api as ngn
from ngn_core.dataset.select import select
from ngn_plugins.datasets.jsonl import JSONLines


@pytest.mark.parametrize(
    ("folder", "rows", "target", "folds"),
    [
        ("matbench_jdft2d", 636, "exfoliation_en", "fold"),
        ("matbench_phonons", 1265, "last_phdos_peak", "fold"),
        ("matbench_perovskites", 17928, "e_form", "fold"),
        ("matbench_log_kgvrh", 9592, "log10_G_VRH", "fold"),
        ("matbench_dielectric", 4236, "n", "fold"),
        ("matbench_mp_subset", 11782, "e_form", "fold_e_form"),
        ("matbench_mp_subset", 11782, "gap_pbe", "fold_gap"),
        ("dielectric_petousis2017", 1056, "band_gap", None),
        ("carbon_24", 1500, "energy_per_atom", None),
        ("qmof_subset", 400, "band_gap_pbe", None),
        ("superconductors_3dsc", 1500, "tc", None),
    ],
)
def test_every_folder_loads(shared, folder, rows, target, folds):
    table = JSONLines().load(str(shared / folder))
    assert table.name == folder
    assert len(table.rows) == rows
    assert table.targets[target] == ngn.Target("?", None, folds)
    assert len(table.rows[0].crystal().species) > 0


def test_jdft2d_has_its_official_folds(shared):
    found = select(JSONLines().load(str(shared / "matbench_jdft2d")), "exfoliation_en")
    assert len(found) == 636
    assert found.fold_source == "official"
    assert np.bincount(found.fold).tolist() == [128, 127, 127, 127, 127]
    assert found.target.values.mean() == pytest.approx(112.7, abs=0.05)
    assert max(len(crystal.species) for crystal in found.crystals) == 35


def test_disordered_superconductors_are_all_counted(shared):
    table = JSONLines().load(str(shared / "superconductors_3dsc"))
    with pytest.raises(ngn.DatasetError, match="926 of 1500 rows .*and 906 more"):
        _flat(lambda: select(table, "tc"))
    found = select(table, "tc", on_disorder="skip")
    assert (len(found), len(found.skipped)) == (574, 926)
    assert len(select(table, "tc", on_disorder="average")) == 1500


def _flat(call):
    """Put the lines of an error into one, for `match`."""
    try:
        call()
    except ngn.DatasetError as error:
        raise ngn.DatasetError(" ".join(str(error).split())) from error


def test_crystals_without_elements_are_skipped_with_a_sentence(shared):
    table = JSONLines().load(str(shared / "spglib_poscars"))
    found = select(table, None, on_bad_structure="skip", limit=300)
    assert len(found) + len(found.skipped) == 300
    assert len(found) > 100
    reasons = {s.reason for s in found.skipped}
    overlaps = {reason for reason in reasons if "are at least 0.5 Å apart" in reason}
    assert overlaps
    assert reasons - overlaps == {
        "`species` missing or null; a crystal needs `lattice`, `species` and `frac`"
    }


def test_a_vector_is_no_target(shared):
    table = JSONLines().load(str(shared / "phonon_dos_petretto2018"))
    assert len(table.rows) == 1521
    with pytest.raises(ngn.DatasetError, match="'phdos' cannot be the target"):
        select(table, "phdos")


def test_awkward_cifs_are_read_or_skipped(shared):
    table = JSONLines().load(str(shared / "cif_zoo"))
    assert len(table.rows) == 574
    small = [r for r in table.rows if r.columns.get("n_sites", 99) < 60][::12]
    broken = [r for r in table.rows if r.columns["parse"] == "error"]
    zoo = ngn.DatasetTable("zoo", small + broken, {})
    found = select(zoo, None, on_bad_structure="skip", on_disorder="skip")
    reasons = {skipped.id: skipped.reason for skipped in found.skipped}
    assert all(reasons.values())
    assert all(row.id in reasons for row in broken)
    ordered = [row.id for row in small if row.columns.get("ordered")]
    assert set(ordered) <= set(found.ids)
