import itertools
import warnings
from dataclasses import replace

import moyopy
import numpy as np
import pytest
import spglib

from ngn_core.crystal.cell import choose_cell, supercell_of
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.reading import from_arrays
from ngn_core.crystal.space_group import SpaceGroup, generators, trivial_group
from ngn_core.crystal.symmetry import find_space_group, find_symmetry
from ngn_core.errors import StructureError
from ngn_core.graph.action import act_on_atoms

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


FINDERS = {
    "moyopy": f"moyopy {moyopy.__version__}",
    "spglib": f"spglib {spglib.__version__}",
}


def test_known_crystals_have_their_space_group(known):
    for name, number in NUMBERS.items():
        one, other = (find_space_group(known[name], 1e-3, finder=f) for f in FINDERS)
        assert [one.finder, other.finder] == list(FINDERS.values())
        assert one.number == other.number == number
        assert one.symbol == other.symbol
        assert len(one) == len(other)


def test_the_published_space_groups_are_found(shared_rows):
    # crystals of spglib's own tests, with the group that their source names
    for row in shared_rows("spglib_poscars", 6):
        species = tuple(((kind, 1.0),) for kind in row["types"])
        crystal = Crystal(np.array(row["lattice"]), np.array(row["frac"]), species)
        group = find_space_group(crystal, row["symprec"], finder="spglib")
        assert group.number == row["spglib_number"], row["id"]
        assert len(group) == row["n_operations"], row["id"]


DATASETS = {
    "spglib_poscars": 3,
    "matbench_phonons": 20,
    "matbench_perovskites": 100,
    "matbench_mp_subset": 60,
    "matbench_log_kgvrh": 60,
    "matbench_jdft2d": 16,
    "dielectric_petousis2017": 30,
}


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_default_finder_finds_no_less_than_spglib(shared_rows, dataset):
    symprec = 1e-3
    for row in shared_rows(dataset, DATASETS[dataset]):
        kinds = row.get("species") or [f"{symbol_of(kind)}" for kind in row["types"]]
        crystal = from_arrays(row["lattice"], kinds, row["frac"])
        found = find_space_group(crystal, symprec)
        reference = find_space_group(crystal, symprec, finder="spglib")
        assert len(found) >= len(reference), row["id"]
        if len(found) == len(reference):
            assert found.number == reference.number, row["id"]
            assert found.symbol == reference.symbol, row["id"]
        # where it finds more, those operations too map the crystal within symprec
        act_on_atoms(crystal, found, 1.5 * symprec)


def test_a_group_that_is_not_clear_at_this_symprec_is_left_to_spglib(
    known, monkeypatch
):
    class Loose:
        symprec = 2e-3

    monkeypatch.setattr(moyopy, "MoyoDataset", lambda *_args, **_options: Loose)
    assert find_space_group(known["NaCl"], 1e-3).finder == FINDERS["spglib"]

    def refuse(*_args, **_options):
        raise ValueError("no")

    monkeypatch.setattr(moyopy, "MoyoDataset", refuse)
    assert find_space_group(known["NaCl"], 1e-3).finder == FINDERS["spglib"]


def test_nothing_is_logged_to_the_terminal(known, capfd):
    matrix = np.diag([2, 1, 1])  # a supercell that breaks the cubic symmetry
    crystal = supercell_of(known["NaCl"], matrix @ known["NaCl"].lattice).fill(
        known["NaCl"]
    )
    assert len(find_space_group(crystal, 1e-3)) > 1
    assert capfd.readouterr() == ("", "")


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
        find_space_group(known["NaCl"], 1e-3, finder="spglib")


def test_atoms_are_equivalent_only_if_all_that_is_read_is_equal(known):
    iron = known["Cu"]
    assert find_space_group(iron, 1e-3).number == 225
    layered = replace(iron, columns={"moment": np.array([1.0, -1.0, -1.0, 1.0])})
    assert find_space_group(layered, 1e-3).number == 123
    shared = iron.species[:3] + (((29, 0.5), (30, 0.5)),)
    assert find_space_group(replace(iron, species=shared), 1e-3).number == 221


@pytest.mark.parametrize("finder", FINDERS)
def test_lattices_are_those_of_spglib_and_not_rotated(known, disguised, finder):
    matrix = [[1, 1, 0], [0, 2, 1], [1, 0, -1]]
    for seed, name in enumerate(NUMBERS):
        crystal = disguised(known[name], seed, matrix)
        symmetry = find_symmetry(crystal, 1e-3, finder=finder)
        cell = (crystal.lattice, crystal.frac, [s[0][0] for s in crystal.species])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of error handling
            standard = spglib.standardize_cell(cell, no_idealize=True, symprec=1e-3)
            small = spglib.standardize_cell(cell, True, no_idealize=True, symprec=1e-3)
        for lattice, wanted in (
            (symmetry.conventional, standard[0]),
            (symmetry.primitive, small[0]),
        ):  # the same lattice, and for conventional ones the same cell
            change = lattice @ np.linalg.inv(wanted)
            np.testing.assert_allclose(change, np.rint(change), atol=1e-8)
            assert abs(np.linalg.det(change)) == pytest.approx(1)
        lengths = np.linalg.norm(symmetry.conventional, axis=1)
        wanted = np.linalg.norm(standard[0], axis=1)
        np.testing.assert_allclose(np.sort(lengths), np.sort(wanted), atol=1e-8)


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


@pytest.mark.parametrize("number", range(1, 231))
def test_each_generator_adds_itself_and_its_square_times_those_before(number):
    operations = moyopy.operations_from_number(number, primitive=True)
    rotations = np.array(operations.rotations)
    group = SpaceGroup(number, "", rotations, np.array(operations.translations), "")
    made = {np.eye(3, dtype=int).tobytes(): np.eye(3, dtype=int)}
    for generator in rotations[generators(group)]:
        size = len(made)
        for step in (generator, generator @ generator):
            made |= {(a @ step).tobytes(): a @ step for a in made.values()}
        assert len(made) in (2 * size, 3 * size)
        assert {(a @ b).tobytes() for a in made.values() for b in made.values()} == (
            made.keys()
        )
    assert made.keys() == {rotation.tobytes() for rotation in rotations}


def test_operations_in_another_basis_are_the_same_operations(known):
    crystal = known["rutile"]
    matrix = np.array([[1, 2, 0], [0, 1, 3], [0, 0, 1]])
    group = find_space_group(crystal, 1e-3)
    changed = group.in_basis(matrix)
    for g in range(len(group)):
        moved = group.rotations[g] @ crystal.frac[3] + group.translations[g]
        other = changed.rotations[g] @ (crystal.frac[3] @ matrix)
        np.testing.assert_allclose(other + changed.translations[g], moved @ matrix)
