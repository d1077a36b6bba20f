"""Oxidation states in a CIF are a column of the sites."""

import csv

import pytest
from pymatgen.core import Lattice, Structure

from ngn_plugins.datasets.cif_folder import CIFFolder
from ngn_plugins.datasets.csv_file import CSVFile

PLACES = [[0, 0, 0], [0.5, 0.5, 0.5]]


def salt(*species):
    return Structure(Lattice.cubic(4), species, PLACES).to(fmt="cif")


@pytest.mark.parametrize(
    ("species", "names"),
    [(("Na+", "Cl-"), ["oxidation_state"]), (("Na", "Cl"), [])],
)
def test_files_and_tables_declare_oxidation_states(tmp_path, species, names):
    folder = tmp_path / "cifs"
    folder.mkdir()
    (folder / "a.cif").write_text(salt(*species))
    file = tmp_path / "salts.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([["id", "cif"], ["a", salt(*species)]])
    for table in (CIFFolder().load(str(folder)), CSVFile().load(str(file))):
        assert list(table.sites) == names
        columns = table.rows[0].crystal().columns
        assert list(columns) == names
        for values in columns.values():
            assert values.tolist() == [1.0, -1.0]
