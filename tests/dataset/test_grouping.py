from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymatgen.core import Composition, Lattice, Structure

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_pymatgen
from ngn_core.dataset.grouping import NAMES, group_by
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError

CUBIC = np.eye(3)
FCC = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]


def made(edge, species, frac, lattice=CUBIC):
    sites = [((z, 1.0),) if isinstance(z, int) else z for z in species]
    return Crystal(np.array(lattice) * edge, np.array(frac, float), tuple(sites))


def rock_salt(first, second, edge):
    frac = np.array(FCC)
    both = np.concatenate([frac, frac + [0.5, 0, 0]])
    return made(edge, [first] * 4 + [second] * 4, both)


def zinc_blende(first, second, edge):
    frac = np.array(FCC)
    return made(edge, [first] * 4 + [second] * 4, np.concatenate([frac, frac + 0.25]))


def caesium_chloride(first, second, edge):
    return made(edge, [first, second], [[0, 0, 0], [0.5, 0.5, 0.5]])


def primitive_rock_salt(first, second, edge):
    lattice = [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    return made(edge, [first, second], [[0, 0, 0], [0.5, 0.5, 0.5]], lattice)


ALLOY = made(2.9, [((29, 0.5), (79, 0.5))], [[0, 0, 0]])
CRYSTALS = {
    "NaCl": rock_salt(11, 17, 5.64),
    "NaCl small": primitive_rock_salt(11, 17, 5.6),
    "NaCl high": caesium_chloride(11, 17, 3.3),
    "MgO": rock_salt(12, 8, 4.2),
    "ZnS": zinc_blende(30, 16, 5.4),
    "CsCl": caesium_chloride(55, 17, 4.1),
    "CuAu": caesium_chloride(29, 79, 3.1),
    "Cu.5Au.5": ALLOY,
    "Cu": made(3.6, [29] * 4, FCC),
    "Cu2Au": made(3.6, [29, 29, 79], [[0, 0, 0], [0.5, 0.5, 0], [0.3, 0.7, 0.5]]),
}
IDS = list(CRYSTALS)


def groups(by):
    found = group_by(by, IDS, list(CRYSTALS.values()))
    members = [[] for _ in range(len(found))]
    for name, number in zip(IDS, found.numbers, strict=True):
        members[number].append(name)
    return dict(zip(found.labels, members, strict=True))


def test_formula_is_the_reduced_one_of_ordered_and_disordered_crystals():
    assert groups("formula") == {
        "NaCl": ["NaCl", "NaCl small", "NaCl high"],
        "MgO": ["MgO"],
        "ZnS": ["ZnS"],
        "CsCl": ["CsCl"],
        "AuCu": ["CuAu", "Cu.5Au.5"],
        "Cu": ["Cu"],
        "AuCu2": ["Cu2Au"],
    }


def test_chemsys_is_the_set_of_elements():
    assert groups("chemsys") == {
        "Cl-Na": ["NaCl", "NaCl small", "NaCl high"],
        "Mg-O": ["MgO"],
        "S-Zn": ["ZnS"],
        "Cl-Cs": ["CsCl"],
        "Au-Cu": ["CuAu", "Cu.5Au.5", "Cu2Au"],
        "Cu": ["Cu"],
    }


def test_prototype_forgets_elements_and_cell_but_not_the_structure():
    found = groups("prototype")
    assert sorted(found.values()) == sorted(
        [
            ["NaCl", "NaCl small", "MgO"],
            ["NaCl high", "CsCl", "CuAu"],
            ["ZnS"],
            ["Cu.5Au.5"],
            ["Cu"],
            ["Cu2Au"],
        ]
    )
    assert "space group 225, 1:1, 2 atoms in orbits of 1+1" in found


def test_prototype_is_the_same_in_every_cell_and_frame():
    quartz = from_pymatgen(
        Structure.from_spacegroup(
            "P3_221",
            Lattice.hexagonal(4.91, 5.40),
            ["Si", "O"],
            [[0.4697, 0, 2 / 3], [0.4135, 0.2669, 0.7858]],
        )
    )
    doubled = np.concatenate([quartz.frac, quartz.frac + [0, 0, 1]]) / [1, 1, 2]
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    turned = Crystal(
        (quartz.lattice * [[1.0], [1.0], [2.0]]) @ turn,
        doubled + [0.1, 0.2, 0.3],
        quartz.species * 2,
    )
    found = group_by("prototype", ["a", "b"], [quartz, turned])
    assert len(found) == 1
    assert found.labels[0] == "space group 154, 1:2, 9 atoms in orbits of 3+6"


def test_structure_duplicates_are_the_matcher_s():
    found = groups("structure")
    assert found["duplicates of NaCl"] == ["NaCl", "NaCl small"]
    assert found["duplicates of NaCl high"] == ["NaCl high"]


@given(st.lists(st.sampled_from(["a", "b", 1, 2.0, 1.0]), min_size=1, max_size=20))
def test_a_column_groups_equal_values_in_the_order_of_the_rows(values):
    ids = [f"c{i}" for i in range(len(values))]
    found = group_by("batch", ids, [CRYSTALS["Cu"]] * len(values), values)
    for i, one in enumerate(values):
        for j, other in enumerate(values):
            assert (found.numbers[i] == found.numbers[j]) == (one == other)
    first = [found.numbers.tolist().index(n) for n in range(len(found))]
    assert first == sorted(first)


@pytest.mark.parametrize("value", [None, "", float("nan"), [1]])
def test_rows_without_a_group_are_named(value):
    values = ["a", value, "b"]
    with pytest.raises(
        DatasetError, match="--by batch: 1 crystal has no group:\n  y: "
    ):
        group_by("batch", ["x", "y", "z"], [CRYSTALS["Cu"]] * 3, values)


def test_long_lists_are_counted():
    ids = [f"c{i}" for i in range(30)]
    with pytest.raises(DatasetError, match="30 have no group") as error:
        group_by("batch", ids, [CRYSTALS["Cu"]] * 30, [None] * 30)
    assert "... and 10 more" in str(error.value)


def test_a_column_wins_over_a_grouping_of_its_name():
    values = ["x"] * len(IDS)
    found = group_by("formula", IDS, list(CRYSTALS.values()), values)
    assert len(found) == 1
    assert set(NAMES) == {"formula", "chemsys", "prototype", "structure"}


@pytest.mark.parametrize("name", ["jdft2d", "phonons"])
def test_formulas_of_matbench_are_those_of_pymatgen(shared, registry, name):
    table = open_dataset(str(shared / "data" / f"matbench_{name}"), registry)
    found = select(table, None)
    groups = group_by("formula", found.ids, found.crystals).numbers
    file = shared / "data" / "matbench_targets" / f"matbench_{name}.csv.gz"
    with gzip.open(file, "rt") as lines:
        texts = [row["composition"] for row in csv.DictReader(lines)]
    formulas = [Composition(text).reduced_formula for text in texts]
    assert len(groups) == len(formulas)
    assert len(set(groups)) == len(set(formulas))
    assert len(set(zip(groups, formulas, strict=True))) == len(set(formulas))
