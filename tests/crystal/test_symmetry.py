import itertools
import warnings
from dataclasses import replace

import numpy as np
import pytest
import spglib

from ngn_core.crystal.cell import choose_cell
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.symmetry import (
    find_space_group,
    find_symmetry,
    generators,
    trivial_group,
)
from ngn_core.errors import StructureError

NUMBERS = {
    "NaCl": 225,
    "Si": 227,
    "SrTiO3": 221,
    "rutile": 136,
    "Al2O3": 167,
    "quartz": 154,
    "Cu": 225,
    "ZnO": 186,
}


def test_known_crystals_have_their_space_group(known):
    for name, number in NUMBERS.items():
        group = find_space_group(known[name], 1e-3)
        assert group.number == number
        assert group.finder == f"spglib {spglib.__version__}"


def test_the_published_space_groups_are_found(shared_rows):
    # crystals of spglib's own tests, with the group that their source names
    for row in shared_rows("spglib_poscars", 6):
        species = tuple(((kind, 1.0),) for kind in row["types"])
        crystal = Crystal(np.array(row["lattice"]), np.array(row["frac"]), species)
        group = find_space_group(crystal, row["symprec"])
        assert group.number == row["spglib_number"], row["id"]
        assert len(group) == row["n_operations"], row["id"]


def test_no_group_is_an_error_with_a_remedy():
    crystal = Crystal(
        np.eye(3), np.array([[0, 0, 0], [0, 0, 1e-6]]), (((1, 1.0),),) * 2
    )
    with pytest.raises(StructureError, match="no space group at symprec 0.001 Å.*p1"):
        find_space_group(crystal, 1e-3)


def test_an_error_of_the_finder_is_an_error_with_a_remedy(known, monkeypatch):
    def refuse(*_args, **_options):
        raise spglib.SpglibError("too tired")

    monkeypatch.setattr(spglib, "get_symmetry_dataset", refuse)
    with pytest.raises(StructureError, match="too tired"):
        find_space_group(known["NaCl"], 1e-3)


def test_atoms_are_equivalent_only_if_all_that_is_read_is_equal(known):
    iron = known["Cu"]
    assert find_space_group(iron, 1e-3).number == 225
    layered = replace(iron, columns={"moment": np.array([1.0, -1.0, -1.0, 1.0])})
    assert find_space_group(layered, 1e-3).number == 123
    shared = iron.species[:3] + (((29, 0.5), (30, 0.5)),)
    assert find_space_group(replace(iron, species=shared), 1e-3).number == 221


def test_lattices_are_those_of_the_finder_and_not_rotated(known, disguised):
    matrix = [[1, 1, 0], [0, 2, 1], [1, 0, -1]]
    for seed, name in enumerate(NUMBERS):
        crystal = disguised(known[name], seed, matrix)
        symmetry = find_symmetry(crystal, 1e-3)
        cell = (crystal.lattice, crystal.frac, [s[0][0] for s in crystal.species])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of error handling
            standard = spglib.standardize_cell(cell, no_idealize=True, symprec=1e-3)
            small = spglib.standardize_cell(cell, True, no_idealize=True, symprec=1e-3)
        np.testing.assert_allclose(symmetry.conventional, standard[0], atol=1e-8)
        change = symmetry.primitive @ np.linalg.inv(small[0])
        np.testing.assert_allclose(change, np.rint(change), atol=1e-8)
        assert abs(np.linalg.det(change)) == pytest.approx(1)


def test_the_generators_generate_the_group(known):
    for crystal in known.values():
        group = find_space_group(choose_cell(crystal, "primitive", 1e-3), 1e-3)
        chosen = [group.rotations[g] for g in generators(group)]
        made = {np.eye(3, dtype=int).tobytes(): np.eye(3, dtype=int)}
        while True:
            more = {
                (a @ b).tobytes(): a @ b
                for a, b in itertools.product([*made.values(), *chosen], chosen)
            }
            if more.keys() <= made.keys():
                break
            made |= more
        assert len(made) == len(group)
        assert len(chosen) <= 7
    assert len(generators(trivial_group())) == 0
    # with pure translations all operations but the identity are taken
    assert len(generators(find_space_group(known["Cu"], 1e-3))) == 191


def test_operations_in_another_basis_are_the_same_operations(known):
    crystal = known["rutile"]
    matrix = np.array([[1, 2, 0], [0, 1, 3], [0, 0, 1]])
    group = find_space_group(crystal, 1e-3)
    changed = group.in_basis(matrix)
    for g in range(len(group)):
        moved = group.rotations[g] @ crystal.frac[3] + group.translations[g]
        other = changed.rotations[g] @ (crystal.frac[3] @ matrix)
        np.testing.assert_allclose(other + changed.translations[g], moved @ matrix)
