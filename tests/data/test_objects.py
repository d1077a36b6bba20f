from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk
from pymatgen.core import Lattice, Structure

from ngn_core.crystal.crystal import Crystal
from ngn_core.data.objects import table_from_objects
from ngn_core.data.select import select
from ngn_core.errors import DatasetError, StructureError
from ngn_core.plugin.interfaces.dataset import Target

SALT = Structure(Lattice.cubic(4.0), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
COPPER = bulk("Cu")
ORDERED = Crystal(np.eye(3) * 3.0, np.zeros((1, 3)), (((29, 1.0),),))


def test_objects_of_pymatgen_and_ase_are_crystals():
    table = table_from_objects("mine", [SALT, COPPER, ORDERED], {"y": [1.0, 2.0, 3.0]})
    found = select(table, "y", folds=2)
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


def test_a_declared_target_needs_its_columns():
    with pytest.raises(DatasetError, match="'y' needs the column 'fold'; found y"):
        table_from_objects(
            "mine", [SALT], {"y": [1.0]}, None, {"y": Target(folds="fold")}
        )
