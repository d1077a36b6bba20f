"""Leakage: test crystals that have duplicates in training, and what scores owe them."""

import gzip
import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import ngn_core.dataset.duplicate_cache as duplicate_cache
from ngn_core.crystal.reading import from_arrays
from ngn_core.dataset.crystal_set import CrystalSet, TargetColumn
from ngn_core.dataset.dataset import Target
from ngn_core.dataset.duplicates import structure_duplicates
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.roles import TEST, TRAIN, UNUSED, VALIDATION
from ngn_core.dataset.select import select
from ngn_core.experiment.leakage import exposure, leakage
from ngn_core.experiment.sought_duplicates import seek_duplicates


def crystal_set(values, fold, task="regression", crystals=None, roles=None):
    count = len(values)
    one = from_arrays(4 * np.eye(3), ["Na"], [[0, 0, 0]])
    column = TargetColumn("t", "eV", task, np.array(values, dtype=float))
    fold = np.array(fold)
    ids = tuple(f"c{place}" for place in range(count))
    n_folds = int(fold.max()) + 1
    roles = None if roles is None else np.array(roles, dtype=np.int8)
    return CrystalSet(
        "made",
        ids,
        ids,
        tuple(crystals or [one] * count),
        column,
        fold,
        n_folds,
        "official",
        roles,
    )


def leaks(crystals, duplicates, results, registry):
    folds = sorted({one.fold for one in results}) or range(crystals.n_folds)
    found = {
        duplicate: exposure(crystals, own, folds)
        for duplicate, own in duplicates.items()
    }
    return leakage(found, crystals.target, results, registry)


def result(spec, fold, seed, predictions):
    rows = tuple((name, math.nan, value) for name, value in predictions.items())
    return SimpleNamespace(spec=spec, fold=fold, seed=seed, predictions=rows)


def test_errors_are_told_apart_and_duplicates_are_copied(registry):
    # c0 and c1 are duplicates in different folds, c2 and c3 in the same, c4 is alone
    crystals = crystal_set([1.0, 2.0, 5.0, 6.0, 9.0], [0, 1, 1, 1, 0])
    numbers = np.array([7, 7, 3, 3, 0])
    results = [
        result("A", 0, 0, {"c0": 1.5, "c4": 10.0}),
        result("A", 1, 0, {"c1": 2.25, "c2": 5.0, "c3": 9.0}),
        result("B", 0, 0, {"c0": 1.0, "c4": 9.0}),
        result("B", 1, 0, {"c1": 2.0, "c2": 5.0, "c3": 6.0}),
    ]
    found = leaks(crystals, {"formula": numbers}, results, registry)
    assert (found.title, found.unit, found.better) == ("MAE", "eV", "lower")
    assert found.tested == 5
    duplicate, alone = found.parts
    assert (duplicate.has_duplicate, duplicate.crystals) == (True, 2)
    assert duplicate.scores == pytest.approx({"A": (0.5 + 0.25) / 2, "B": 0.0})
    assert duplicate.copying == pytest.approx(1.0)
    assert (alone.has_duplicate, alone.crystals) == (False, 3)
    assert alone.scores == pytest.approx({"A": (1 + 0 + 3) / 3, "B": 0.0})
    assert alone.copying is None


def test_the_copy_is_the_mean_of_the_duplicates_in_the_same_folds_training():
    crystals = crystal_set([1.0, 2.0, 4.0, 9.0], [0, 1, 2, 0])
    found = exposure(crystals, np.array([0, 0, 0, 0]), [0, 2])
    assert found.ids == ("c0", "c3", "c2")
    assert found.values.tolist() == [1.0, 9.0, 4.0]
    assert found.fold.tolist() == [0, 0, 2]
    assert found.copied == pytest.approx([3.0, 3.0, 4.0])


@pytest.mark.parametrize(
    ("per", "copied"), [("cell", [4.0, 2.0]), ("atom", [2.0, 4.0])]
)
def test_a_value_per_cell_is_copied_by_atom(per, copied):
    one = from_arrays(4 * np.eye(3), ["Na"], [[0, 0, 0]])
    two = from_arrays(np.diag([8.0, 4, 4]), ["Na", "Na"], [[0, 0, 0], [0.5, 0, 0]])
    crystals = crystal_set([4.0, 2.0], [0, 1], crystals=[two, one])
    target = replace(crystals.target, declared=Target(per=per))
    found = exposure(replace(crystals, target=target), np.array([0, 0]), [0, 1])
    assert found.copied.tolist() == copied


def test_a_crystal_that_a_fold_does_not_use_is_nobodys_duplicate():
    roles = [[TEST, TRAIN, UNUSED, UNUSED], [UNUSED, TEST, VALIDATION, TRAIN]]
    crystals = crystal_set([1.0, 2.0, 4.0, 8.0], [0, 1, -1, -1], roles=roles)
    found = exposure(crystals, np.array([0, 1, 1, 0]), [0, 1])
    assert np.isnan(found.copied[0])  # its duplicate is not used
    assert found.copied[1] == 4.0  # validated on is seen


def test_seeds_are_averaged_not_pooled(registry):
    crystals = crystal_set([0.0, 0.0], [0, 1])
    results = [
        result("A", fold, seed, {f"c{fold}": error})
        for seed, error in ((0, 1.0), (1, 3.0))
        for fold in (0, 1)
    ]
    found = leaks(crystals, {"formula": np.array([0, 0])}, results, registry)
    assert found.parts[0].crystals == 2
    assert found.parts[0].scores["A"] == pytest.approx(2.0)
    assert math.isnan(found.parts[1].scores["A"])


def test_a_binary_target_has_its_own_deciding_metric(registry):
    values = [0, 1, 0, 1, 0, 1]
    crystals = crystal_set(values, [0, 0, 1, 1, 0, 1], task="binary")
    predictions = {0: {"c0": 0.2, "c1": 0.9, "c4": 0.4}, 1: {"c2": 0.1, "c3": 0.8}}
    predictions[1]["c5"] = 0.3
    results = [result("A", fold, 0, rows) for fold, rows in predictions.items()]
    numbers = np.array([0, 1, 0, 1, 2, 3])
    found = leaks(crystals, {"formula": numbers}, results, registry)
    assert found.better == "higher"
    duplicate, alone = found.parts
    assert duplicate.scores["A"] == 1.0
    assert duplicate.copying == 1.0
    assert alone.scores["A"] == 0.0  # 0.4 for the 0 is above 0.3 for the 1


def test_only_folds_with_results_are_counted(registry):
    crystals = crystal_set([0.0, 0.0, 0.0], [0, 1, 2])
    results = [result("A", 1, 0, {"c1": 1.0})]
    found = leaks(crystals, {"formula": np.zeros(3, dtype=int)}, results, registry)
    assert found.tested == 1


def test_congn_as_published_is_twice_as_good_with_a_formula_duplicate(shared, registry):
    # independent truth: the published predictions, and the 15 %, 18 and 39
    file = shared / "reference" / "matbench_submissions" / "coNGN.results.json.gz"
    tasks = json.loads(gzip.decompress(file.read_bytes()))["tasks"]
    folds = tasks["matbench_jdft2d"]["results"]
    crystals = _official(shared, registry)
    results = [
        result("coNGN", fold, 0, folds[f"fold_{fold}"]["data"]) for fold in range(5)
    ]
    sought = seek_duplicates(crystals, None, lambda done, total: None, 1)
    found = leaks(crystals, sought.numbers, results, registry)
    assert found.tested == 636
    with_duplicate, without = found.parts[:2]
    assert with_duplicate.crystals / 636 == pytest.approx(0.15, abs=0.005)
    assert with_duplicate.scores["coNGN"] == pytest.approx(18, abs=0.5)
    assert without.scores["coNGN"] == pytest.approx(39, abs=0.6)
    whole = folds.values()
    errors = np.array([row["scores"]["mae"] for row in whole])
    sizes = np.array([len(row["data"]) for row in whole])
    pooled = sum(part.crystals * part.scores["coNGN"] for part in found.parts[:2])
    assert pooled / 636 == pytest.approx((errors * sizes).sum() / 636)


def test_structure_duplicates_are_sought_where_formulas_leak_and_none_is_missed(
    shared, registry
):
    crystals = _official(shared, registry)
    sought = seek_duplicates(crystals, None, lambda done, total: None, 1)
    everywhere = structure_duplicates(crystals.crystals)
    for fold in range(5):
        some = exposure(crystals, sought.numbers["structure"], [fold])
        every = exposure(crystals, everywhere, [fold])
        assert np.array_equal(some.copied, every.copied, equal_nan=True)


def test_folds_grouped_by_formula_match_nothing(alloys, registry, monkeypatch):
    monkeypatch.setattr(duplicate_cache, "structure_duplicates", _match_nothing)
    sought = seek_duplicates(alloys, None, lambda done, total: None, 1)
    assert len(np.unique(sought.numbers["structure"])) == len(alloys)
    found = leaks(alloys, sought.numbers, (), registry)
    assert not found.leaks


def test_duplicates_are_read_from_the_cache_without_pymatgen(
    alloys, tmp_path, monkeypatch
):
    numbers = np.arange(len(alloys))
    fold = numbers % 2
    values = [0.0] * len(alloys)
    crystals = [*alloys.crystals, *alloys.crystals]
    twice = crystal_set([*values, *values], [*fold, *(1 - fold)], crystals=crystals)
    first = seek_duplicates(twice, tmp_path, lambda done, total: None, 1)
    monkeypatch.setattr(duplicate_cache, "structure_duplicates", _no_pymatgen)
    second = seek_duplicates(twice, tmp_path, lambda done, total: None, 1)
    structure = second.numbers["structure"]
    assert structure.tolist() == first.numbers["structure"].tolist()
    assert structure[: len(alloys)].tolist() == structure[len(alloys) :].tolist()
    missing = seek_duplicates(twice, None, lambda done, total: None, 1)
    assert "structure" not in missing.numbers
    assert "pymatgen is not installed" in missing.remark


def test_a_damaged_cache_is_done_without(alloys, tmp_path):
    wanted = duplicate_cache.cached_duplicates(alloys.crystals, tmp_path)
    (file,) = (tmp_path / "duplicates").iterdir()
    file.write_text('{"numbers": [1')
    assert duplicate_cache.cached_duplicates(alloys.crystals, tmp_path).tolist() == (
        wanted.tolist()
    )
    assert json.loads(file.read_text())["numbers"] == wanted.tolist()
    nowhere = tmp_path / "a file"
    nowhere.write_text("")
    found = duplicate_cache.cached_duplicates(alloys.crystals, nowhere)
    assert found.tolist() == wanted.tolist()


def _match_nothing(crystals, progress=None, jobs=1):
    assert not len(crystals), "nothing is to be matched"
    return np.zeros(0, dtype=np.int64)


def _no_pymatgen(crystals, progress=None, jobs=1):
    raise ModuleNotFoundError("No module named 'pymatgen'")


def _official(shared, registry):
    table = open_dataset(str(shared / "data" / "matbench_jdft2d"), registry)
    return select(table, "exfoliation_en")
