from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from pymatgen.core import Lattice, Structure

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays
from ngn_core.dataset.dataset import SiteColumn, Target
from ngn_core.dataset.objects import table_from_objects
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError, StructureError

SALT = Structure(Lattice.cubic(4.0), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
COPPER = bulk("Cu")
ORDERED = Crystal(np.eye(3) * 3.0, np.zeros((1, 3)), (((29, 1.0),),))


def test_columns_of_objects_are_declared():
    """Columns of pymatgen's sites, ASE's arrays and crystals have names and units."""
    cube, frac = 4 * np.eye(3), [[0, 0, 0], [0.5, 0.5, 0.5]]
    spins = {"magmom": [1.0, -1.0]}
    structure = Structure(cube, ["Fe2+", "O2-"], frac, site_properties=spins)
    atoms = Atoms("FeO", cell=cube, scaled_positions=frac, pbc=True)
    atoms.set_array("forces", np.zeros((2, 3)))
    crystal = from_arrays(cube, ["Fe", "O"], frac, {"volume": [3.0, 4.0]})
    table = table_from_objects("iron", [structure, atoms, crystal], {})
    assert table.sites == {
        "magmom": SiteColumn("μB"),
        "oxidation_state": SiteColumn("e"),
        "forces": SiteColumn("eV/Å", directional=True),
        "volume": SiteColumn("?"),
    }


def test_objects_of_pymatgen_and_ase_are_crystals():
    table = table_from_objects("mine", [SALT, COPPER, ORDERED], {"y": [1.0, 2.0, 3.0]})
    found = select(table, "y")
    assert found.ids == ("0", "1", "2")
    assert [c.numbers.tolist() for c in found.crystals] == [[11, 17], [29], [29]]
    assert found.target.values.tolist() == [1.0, 2.0, 3.0]


def test_arrays_are_columns():
    columns = {"y": np.array([0.5, 1.5]), "fold": np.array([1, 0])}
    table = table_from_objects(
        "mine", [SALT, COPPER], columns, ["a", "b"], {"y": Target("eV", folds="fold")}
    )
    found = select(table, "y")
    assert found.ids == ("a", "b")
    assert found.target.unit == "eV"
    assert found.fold.tolist() == [1, 0]


def test_something_else_is_no_crystal():
    table = table_from_objects("mine", ["NaCl"], {})
    with pytest.raises(StructureError, match="found str; expected a pymatgen"):
        table.rows[0].crystal()


def test_columns_and_ids_have_one_value_a_structure():
    with pytest.raises(DatasetError, match="y has 1 values; expected 2"):
        table_from_objects("mine", [SALT, COPPER], {"y": [1.0]})
    with pytest.raises(DatasetError, match="ids has 1 values; expected 2"):
        table_from_objects("mine", [SALT, COPPER], {"y": [1.0, 2.0]}, ["a"])


def test_a_target_may_be_called_otherwise_than_its_column():
    targets = {"gap": Target("eV", column="y", per="none")}
    table = table_from_objects("mine", [SALT], {"y": [1.5]}, None, targets)
    assert select(table, "gap").target.values.tolist() == [1.5]


def test_a_declared_target_needs_its_columns():
    with pytest.raises(DatasetError, match="'y' needs the column 'fold'; found y"):
        table_from_objects(
            "mine", [SALT], {"y": [1.0]}, None, {"y": Target(folds="fold")}
        )
