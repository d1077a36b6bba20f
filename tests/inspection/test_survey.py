"""What is in a dataset: counted by hand, and against numbers nobody here made."""

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays, from_pymatgen
from ngn_core.dataset.composition_statistics import (
    crystal_systems,
    elements,
    polymorphs,
)
from ngn_core.dataset.crystal_set import CrystalSet, TargetColumn
from ngn_core.dataset.dataset import DatasetTable, Row, Target
from ngn_core.dataset.grouping import group_by
from ngn_core.dataset.identical import identical
from ngn_core.dataset.make_folds import SplitChoice
from ngn_core.dataset.open import open_dataset
from ngn_core.errors import DatasetError, StructureError
from ngn_core.inspection.distribution import FAR, distribution, outliers
from ngn_core.inspection.error_floor import error_floor
from ngn_core.inspection.survey import survey
from ngn_core.spec.load import load_specs

CUBE = np.eye(3)
FCC = np.array([[0.0, 1, 1], [1, 0, 1], [1, 1, 0]])


def rock_salt(edge, anion="Cl"):
    return from_arrays(edge / 2 * FCC, ["Na", anion], [[0, 0, 0], [0.5, 0.5, 0.5]])


def doubled(crystal):
    frac = np.concatenate([crystal.frac, crystal.frac + [1, 0, 0]]) / [2, 1, 1]
    lattice = crystal.lattice * np.array([[2.0], [1.0], [1.0]])
    return Crystal(lattice, frac, crystal.species * 2)


# numbers ------------------------------------------------------------------------------


def test_a_distribution_counts_every_value_once():
    values = np.random.default_rng(0).lognormal(size=500)
    found = distribution(values)
    assert sum(found.counts) == found.count == 500
    assert found.quantiles == pytest.approx(np.percentile(values, [0, 25, 50, 75, 100]))
    assert found.edges[0] == values.min()
    assert found.edges[-1] == values.max()


def test_whole_numbers_have_a_bin_each():
    found = distribution(np.array([2.0, 2.0, 5.0]))
    assert found.counts == (2, 0, 0, 1)
    assert found.edges == (1.5, 2.5, 3.5, 4.5, 5.5)


def test_one_value_alone_is_a_distribution():
    assert sum(distribution(np.array([1.25])).counts) == 1


def test_outliers_are_those_of_the_stated_rule():
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 20.0, -15.0])
    found = outliers([f"c{i}" for i in range(7)], values)
    # median 3, absolute deviations 2 1 0 1 2 17 18, MAD 2
    assert (found.median, found.mad) == (3.0, 2.0)
    assert [one.id for one in found.found] == ["c6", "c5"]
    assert found.found[0].z == pytest.approx(0.6744897501960817 * -18 / 2)
    assert all(abs(one.z) > FAR for one in found.found)


def test_a_normal_sample_has_hardly_an_outlier():
    values = np.random.default_rng(0).normal(size=10_000)
    # P(|z| > 3.5) = 4.7e-4
    assert len(outliers([""] * 10_000, values).found) < 15


def test_mostly_equal_values_have_no_outliers():
    assert outliers(["a", "b", "c"], np.array([1.0, 1.0, 9.0])).found == ()


# crystals -----------------------------------------------------------------------------


def test_elements_count_crystals_not_atoms():
    found = elements([rock_salt(5.6), doubled(rock_salt(5.6)), rock_salt(4.6, "F")])
    assert list(found.items()) == [("Na", 3), ("Cl", 2), ("F", 1)]


@pytest.mark.parametrize(
    ("symbol", "lattice", "system"),
    [
        ("P-1", Lattice.from_parameters(4, 5, 6, 70, 80, 95), "triclinic"),
        ("P2_1/c", Lattice.monoclinic(4, 5, 6, 100), "monoclinic"),
        ("Pnma", Lattice.orthorhombic(4, 5, 6), "orthorhombic"),
        ("P4_2/mnm", Lattice.tetragonal(4, 5), "tetragonal"),
        ("R-3m", Lattice.hexagonal(4, 9), "trigonal"),
        ("P6_3/mmc", Lattice.hexagonal(4, 6), "hexagonal"),
        ("Fm-3m", Lattice.cubic(4), "cubic"),
    ],
)
def test_crystal_systems_are_told_from_the_space_group(symbol, lattice, system):
    place = [[0.11, 0.23, 0.31]]
    structure = Structure.from_spacegroup(symbol, lattice, ["Si"], place)
    found = crystal_systems(["a"], [from_pymatgen(structure)], lambda done: None)
    assert {name: n for name, n in found.counts.items() if n} == {system: 1}
    assert not found.unknown


def test_polymorphs_count_duplicates_once():
    found = polymorphs(
        ["A", "B", "C"], np.array([0, 0, 0, 1, 2]), np.array([0, 0, 1, 2, 3])
    )
    assert found.formulas == 3
    assert found.counts == {1: 2, 2: 1}
    assert found.most == (("A", 2),)


def test_identical_crystals_are_written_the_same_way():
    salt = rock_salt(5.6)
    shifted = Crystal(salt.lattice, salt.frac + [[1, 0, -2], [0, 0, 0]], salt.species)
    nearly = Crystal(salt.lattice + 1e-5, salt.frac, salt.species)
    other = rock_salt(5.7)
    assert identical([salt, other, shifted, doubled(salt), nearly]) == [(0, 2, 4)]
    assert identical([]) == []


# graphs that are equal ----------------------------------------------------------------


@pytest.fixture
def floor(registry, small_spec):
    def call(crystals, values, spec=small_spec):
        ids = tuple(f"c{place}" for place in range(len(crystals)))
        column = TargetColumn("t", "eV", "regression", np.array(values))
        made = CrystalSet("made", ids, ids, tuple(crystals), column)
        formula = group_by("formula", ids, crystals).numbers
        return error_floor(
            spec, made, formula, registry, None, lambda done, total: None
        )

    return call


def test_the_floor_is_the_median_of_equal_graphs(floor):
    salt, other = rock_salt(5.6), rock_salt(5.7)
    turned = Crystal(salt.lattice[:, [1, 2, 0]], salt.frac[::-1], salt.species[::-1])
    crystals = [salt, other, doubled(salt), turned, rock_salt(4.6, "F")]
    found = floor(crystals, [1.0, 7.0, 2.0, 6.0, 0.0])
    (group,) = found.groups
    assert group.ids == ("c0", "c2", "c3")
    assert group.spread == 5.0
    assert (found.equal, found.compared, found.crystals) == (3, 4, 5)
    assert found.mae == pytest.approx((1 + 0 + 4) / 5)


def test_crystals_that_differ_a_little_are_told_apart(floor):
    assert floor([rock_salt(5.6), rock_salt(5.601)], [1.0, 2.0]).groups == ()


def test_equal_targets_of_equal_graphs_cost_nothing(floor):
    found = floor([rock_salt(5.6), doubled(rock_salt(5.6))], [1.0, 1.0])
    assert (found.groups, found.equal, found.mae) == ((), 2, 0.0)


def test_what_a_cutoff_does_not_see_is_equal(floor, registry):
    # layers of atoms that a radius of 4 does not connect, at different distances
    layers = [
        from_arrays(np.diag([3.0, 3.0, height]), ["C", "C"], [[0, 0, 0], [0, 0, 0.5]])
        for height in (20.0, 24.0)
    ]
    (near,) = load_specs(
        ["schnet"], registry, ["graph.edges.use=radius", "graph.edges.cutoff=4"]
    )
    assert len(floor(layers, [1.0, 2.0], near).groups) == 1


def test_no_formula_duplicates_means_no_graphs(floor):
    found = floor([rock_salt(5.6), rock_salt(4.6, "F")], [1.0, 2.0])
    assert (found.compared, found.groups) == (0, ())


# a whole dataset ----------------------------------------------------------------------


def test_jdft2d_as_the_issue_has_it(shared, registry, reporter):
    table = open_dataset(str(shared / "data" / "matbench_jdft2d"), registry)
    found = survey(table, "exfoliation_en", SplitChoice(), None, registry, reporter)
    assert found.rows.total == 636
    assert (found.n_folds, found.fold_source) == (5, "official")
    formula, structure = found.duplicates
    assert found.leakage.parts[0].crystals == round(0.154 * 636)
    # 47 pairs fit in both directions, 50 in one; duplicates of duplicates: 54
    assert 47 <= structure.across <= 54 < structure.pairs < formula.pairs
    assert sum(found.systems.counts.values()) == 636
    assert found.systems.counts["cubic"] == 0  # layers
    assert found.polymorphs.formulas == 568
    assert [name for name, _ in reporter.told].count("step") > 636


def test_every_odd_row_is_named(registry, silent):
    found = survey(_odd(), "gap", SplitChoice(), None, registry, silent)
    assert found.rows.total == 14
    assert [(row.id, row.reason) for row in found.rows.bad] == [
        ("empty", "no atoms were found"),
        ("no gap", "target gap is None; expected a number"),
    ]
    (disordered,) = found.rows.disordered
    assert disordered.id == "shared"
    assert "K: 0.5" in disordered.reason
    assert found.rows.identical == (("c0", "again"),)
    assert found.n_folds == 5
    assert not found.leakage.leaks  # grouped by formula
    assert found.target.distribution.count == 12


def test_without_a_default_target_the_first_one_is_surveyed(registry, silent):
    found = survey(_odd(two=True), None, SplitChoice(), None, registry, silent)
    assert found.target.name == "gap"
    wanted = "No --target was named: this is gap; others are hardness."
    assert found.remarks[0] == wanted


def test_without_any_target_there_are_no_folds(registry, silent):
    table = DatasetTable("bare", [Row("a", "a", lambda: rock_salt(5.6), {})], {})
    found = survey(table, None, SplitChoice(), None, registry, silent)
    assert (found.target, found.leakage, found.n_folds) == (None, None, 0)
    assert found.elements == {"Na": 1, "Cl": 1}


def test_too_few_groups_for_folds_are_a_remark(registry, silent):
    rows = [
        Row(f"c{i}", f"{i}", lambda i=i: rock_salt(5 + i / 10), {"gap": float(i)})
        for i in range(8)
    ]
    table = DatasetTable("salts", rows, {"gap": Target("eV")})
    found = survey(table, "gap", SplitChoice(), None, registry, silent)
    assert found.n_folds == 0
    assert "5 folds need as many groups; found one group" in found.remarks[0]
    assert found.duplicates[0].pairs == 28
    assert found.duplicates[0].across == 0


def test_an_unknown_target_is_refused(registry, silent):
    with pytest.raises(DatasetError, match="Did you mean 'gap'"):
        survey(_odd(), "gapp", SplitChoice(), None, registry, silent)


def _odd(two=False):
    anions = ["F", "Cl", "Br", "I", "O", "S", "Se", "Te", "N", "P"]
    rows = [
        Row(f"c{i}", f"row {i}", lambda i=i, a=a: rock_salt(5 + i / 10, a), {"gap": i})
        for i, a in enumerate(anions)
    ]

    def broken():
        raise StructureError("no atoms were found")

    def shared_site():
        return from_arrays(4 * CUBE, [{"Na": 0.5, "K": 0.5}], [[0, 0, 0]])

    rows += [
        Row("empty", "row 10", broken, {"gap": 1.0}),
        Row("shared", "row 11", shared_site, {"gap": 1.5}),
        Row("again", "row 12", lambda: rock_salt(5.0, "F"), {"gap": 2.0}),
        Row("no gap", "row 13", lambda: rock_salt(6.0), {"gap": None}),
    ]
    targets = {"gap": Target("eV")} | ({"hardness": Target()} if two else {})
    return DatasetTable("odd", rows, targets)
