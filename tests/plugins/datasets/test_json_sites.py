"""Lists with something for each site are columns of the sites."""

import json

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

import ngn_core.api as ngn
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import open_declared
from ngn_plugins.datasets.json_sites import json_sites
from ngn_plugins.datasets.jsonl import JSONLines

CELL = {
    "lattice": (4 * np.eye(3)).tolist(),
    "species": ["Fe", "O"],
    "frac": [[0, 0, 0], [0.5, 0.5, 0.5]],
}


@pytest.fixture
def folder(tmp_path):
    def write(*rows):
        named = [{"id": str(place), **row} for place, row in enumerate(rows)]
        (tmp_path / "data.jsonl").write_text("\n".join(map(json.dumps, named)))
        return tmp_path

    return write


def test_lists_as_long_as_the_species_are_columns(folder):
    row = {
        **CELL,
        "magmom": [2.0, 0],
        "forces": [[0, 0, 1], [0, 0, -1]],
        "site": ["a", "b"],
        "dos": [1, 2, 3],
        "energy": -1.5,
    }
    table = JSONLines().load(str(folder(row, {**row, "magmom": [None, None]})))
    assert table.sites == {
        "magmom": ngn.SiteColumn("μB"),
        "forces": ngn.SiteColumn("eV/Å", directional=True),
    }
    assert list(table.targets) == ["energy"]
    columns = table.rows[0].crystal().columns
    assert columns["magmom"].tolist() == [2.0, 0.0]
    assert columns["forces"].shape == (2, 3)
    assert "dos" not in columns


def test_a_list_that_fits_the_sites_by_chance_is_no_column():
    two = {**CELL, "pair": [1, 2]}
    three = {**CELL, "species": ["Fe", "O", "O"], "pair": [1, 2]}
    assert json_sites([two]) == {"pair": ngn.SiteColumn()}
    assert json_sites([two, three]) == {}
    assert json_sites([{**CELL, "ragged": [[1], [2, 3]]}, {"cif": "data_x"}]) == {}


def test_site_properties_of_a_structure_are_columns(folder):
    structure = Structure(
        Lattice.cubic(4),
        ["Fe2+", "O2-"],
        [[0, 0, 0], [0.5, 0.5, 0.5]],
        site_properties={"magmom": [2.0, 0.0], "name": ["a", "b"]},
    )
    table = JSONLines().load(str(folder({"structure": structure.as_dict()})))
    assert set(table.sites) == {"magmom", "oxidation_state"}
    columns = table.rows[0].crystal().columns
    assert columns["oxidation_state"].tolist() == [2.0, -2.0]
    assert columns["magmom"].tolist() == [2.0, 0.0]


def test_a_declaration_says_what_a_column_is(folder, registry):
    path = folder({**CELL, "flags": [[0, 1, 0], [1, 0, 0]], "y": 1.0})
    (path / "dataset.yaml").write_text("sites: {flags: {unit: x, directional: false}}")
    table = open_declared(str(path), registry, DeclarationFlags())
    assert table.sites == {"flags": ngn.SiteColumn("x", directional=False)}
    (path / "dataset.yaml").write_text("sites: {flag: {unit: x}}")
    with pytest.raises(ngn.DatasetError, match="sites.flag: .*Did you mean 'flags'"):
        open_declared(str(path), registry, DeclarationFlags())
