import re
import warnings

import numpy as np
import pytest
from ase.build import bulk
from ase.calculators.singlepoint import SinglePointCalculator
from pymatgen.core import DummySpecies, Lattice, Structure

from ngn_core.crystal.ase_atoms import from_ase
from ngn_core.crystal.reading import (
    from_arrays,
    from_pymatgen,
    read_cif,
    read_file,
)
from ngn_core.errors import StructureError

SALT = Structure.from_spacegroup(
    "Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]
)


def same(crystal, structure):
    np.testing.assert_allclose(crystal.lattice, structure.lattice.matrix, atol=1e-5)
    np.testing.assert_allclose(crystal.frac, structure.frac_coords, atol=1e-5)
    assert crystal.numbers.tolist() == [site.specie.Z for site in structure]


def test_arrays_symbols_and_occupancies():
    crystal = from_arrays(
        [[4, 0, 0], [0, 4, 0], [0, 0, 4]],
        ["Na", {"Cl": 0.75, "F": 0.25}, {"O": 0.5}],
        [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0, 0]],
        {"charge": [1, -1, 0]},
    )
    assert crystal.species == (((11, 1.0),), ((9, 0.25), (17, 0.75)), ((8, 0.5),))
    assert crystal.columns["charge"].tolist() == [1, -1, 0]
    assert crystal.lattice.dtype == np.float64


@pytest.mark.parametrize(
    ("species", "frac", "message"),
    [
        (["Na", "Xx"], [[0, 0, 0]] * 2, "no element 'Xx'"),
        (["Na"], [[0, 0]], r"`frac` must have shape \[1, 3\], got \[1, 2\]"),
        (["Na"], [[0, 0, "a"]], "no array of numbers"),
        (["Na"], [[0, 0, None]], "not finite|no array of numbers"),
        ([{"Na": 1.5}], [[0, 0, 0]], "occupancies"),
        ([], [], "`frac` must have shape|no site"),
    ],
)
def test_wrong_arrays_are_refused(species, frac, message):
    with pytest.raises(StructureError, match=message):
        from_arrays(np.eye(3) * 4, species, frac)


def test_a_structure_keeps_its_sites_and_numeric_columns():
    structure = SALT.copy(
        site_properties={
            "magmom": np.arange(8.0).tolist(),
            "label": list("abcdefgh"),
            "gap": [None] + [1.0] * 7,
            "force": [None] + [[0.0, 0.0, 1.0]] * 7,
        }
    )
    structure.add_oxidation_state_by_element({"Na": 1, "Cl": -1})
    crystal = from_pymatgen(structure)
    same(crystal, structure)
    assert sorted(crystal.columns) == ["magmom", "oxidation_state"]
    assert set(
        zip(crystal.numbers, crystal.columns["oxidation_state"], strict=True)
    ) == {
        (11, 1.0),
        (17, -1.0),
    }
    assert crystal.columns["magmom"].tolist() == list(range(8))


def test_two_oxidation_states_of_one_element_are_one_species():
    structure = Structure(Lattice.cubic(4), [{"Fe2+": 0.5, "Fe3+": 0.5}], [[0, 0, 0]])
    assert from_pymatgen(structure).species == (((26, 1.0),),)


@pytest.mark.parametrize("specie", [DummySpecies("X"), DummySpecies("Xa", 1)])
def test_a_species_that_is_no_element_is_refused(specie):
    structure = Structure(Lattice.cubic(4), [specie], [[0, 0, 0]])
    with pytest.raises(StructureError, match="dummy species"):
        from_pymatgen(structure)


def test_ase_atoms():
    atoms = bulk("NaCl", "rocksalt", a=5.64)
    crystal = from_ase(atoms)
    assert crystal.numbers.tolist() == atoms.numbers.tolist()
    np.testing.assert_allclose(crystal.frac @ crystal.lattice, atoms.positions)
    atoms.pbc = [True, True, False]
    with pytest.raises(StructureError, match=r"pbc \[True, True, False\]"):
        from_ase(atoms)
    with pytest.raises(StructureError, match="without volume"):
        from_ase(type(atoms)("He", pbc=True))


def test_files_of_each_kind(tmp_path):
    for name, kind in (
        ("salt.cif", "cif"),
        ("POSCAR", "poscar"),
        ("CONTCAR_2", "poscar"),
        ("salt.vasp", "poscar"),
        ("salt.json", "json"),
        ("salt.xsf", "xsf"),
    ):
        path = tmp_path / name
        path.write_text(SALT.to(fmt=kind))
        same(read_file(path), SALT)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(
        StructureError, match="nowhere.cif cannot be opened: No such file"
    ):
        read_file(tmp_path / "nowhere.cif")
    for name in ("bad.vasp", "bad.json", "bad.unknown"):
        (tmp_path / name).write_text("nonsense")
        with pytest.raises(StructureError, match=f"{name} cannot be read: "):
            read_file(tmp_path / name)
    with pytest.raises(StructureError, match="the CIF cannot be read: "):
        read_cif("data_nonsense")


CIF = """data_salt
_cell_length_a 4.0(1)
_cell_length_b 4.0
_cell_length_c 4.0
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 Na 0.0 0.0 0.0
Cl1 Cl 0.5 0.5 0.5
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("_a 4.0(1)", "_a 0", "zero volume: a=0, b=4, c=4 Å, angles 90, 90, 90°"),
        ("_beta 90", "_beta 180", "zero volume: a=4, b=4, c=4 Å, angles 90, 180, 90°"),
        ("_beta 90", "_beta 0", "the cell has zero volume: a=4"),
        ("_a 4.0(1)", "_a ?", "the cell is not given: _cell_length_a is '?'"),
        ("_beta 90", "_beta .", "the cell is not given: _cell_angle_beta is '.'"),
        ("_cell_angle_beta 90\n", "", "not given: _cell_angle_beta missing"),
        ("Na1 Na 0.0 0.0 0.0\nCl1 Cl 0.5 0.5 0.5\n", "", "_atom_site_label has no row"),
        (CIF[CIF.index("loop_") :], "", "it has no atom_site loop"),
        (CIF, "  \n", "the CIF is empty"),
        (" Cl ", " Xx ", r"label 'Cl1'\) holds 'Xx', a dummy species"),
    ],
)
def test_a_mistake_in_a_cif_is_a_sentence(old, new, message):
    assert len(read_cif(CIF).frac) == 2
    assert old in CIF
    text = refusal(CIF.replace(old, new))
    assert re.search(message, text), text
    for internal in ("thickness", "Singular", "modulo", "np.float64"):
        assert internal not in text


def test_impossible_angles_are_named():
    text = CIF
    for name, angle in (("alpha", 60), ("beta", 60), ("gamma", 150)):
        text = text.replace(f"_{name} 90", f"_{name} {angle}")
    assert "no cell has these angles: a=4, b=4, c=4 Å, angles 60, 60, 150°" in refusal(
        text
    )


def test_a_bad_block_beside_a_good_one_does_no_harm():
    bad = CIF.replace("_a 4.0(1)", "_a 0").replace("data_salt", "data_bad")
    assert len(read_cif(bad + CIF).frac) == 2


@pytest.mark.parametrize("name", ["a.cif", "POSCAR", "a.json"])
def test_an_empty_file_is_called_empty(tmp_path, name):
    (tmp_path / name).write_text("\n")
    with pytest.raises(StructureError, match=f"{name}: the file is empty"):
        read_file(tmp_path / name)


def test_a_dummy_species_is_named_with_its_site():
    structure = Structure(
        Lattice.cubic(4), ["Na", DummySpecies("Xa", 1)], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    with pytest.raises(StructureError, match="site 1 holds 'Xa', a dummy species"):
        from_pymatgen(structure)


def refusal(text):
    """Why a CIF is refused, nothing where it is not."""
    try:
        read_cif(text)
    except StructureError as error:
        return str(error)
    return ""


def test_raw_files_are_read_or_refused_as_pymatgen_does(shared_rows, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for row in shared_rows("cif_zoo", 12):
            if (row.get("n_sites") or 0) > 300:
                continue
            if row["parse"] == "ok":
                crystal = read_cif(row["cif"])
                assert len(crystal.frac) == row["n_sites"], row["id"]
                assert crystal.volume == pytest.approx(row["volume"], rel=1e-3)
            elif row["parse"] == "error":
                assert "the CIF cannot be read: " in refusal(row["cif"])
    assert capfd.readouterr() == ("", "")


def test_arrays_and_results_of_ase_atoms_are_columns():
    """What a calculator found stands over what was put in."""
    atoms = bulk("NaCl", "rocksalt", a=5.64)
    atoms.set_initial_magnetic_moments([1.0, -1.0])
    atoms.set_tags([1, 2])
    atoms.set_array("label", np.array(["a", "b"]))
    atoms.set_array("gap", np.array([np.nan, 1.0]))
    assert from_ase(atoms).columns["magmom"].tolist() == [1.0, -1.0]
    found = {
        "magmoms": np.array([0.5, -0.5]),
        "forces": np.zeros((2, 3)),
        "energy": 1.0,
    }
    atoms.calc = SinglePointCalculator(atoms, **found)
    columns = from_ase(atoms).columns
    assert set(columns) == {"tags", "magmom", "forces"}
    assert columns["magmom"].tolist() == [0.5, -0.5]
