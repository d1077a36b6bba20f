from __future__ import annotations

import gzip
import json

import pytest
from pymatgen.core import Lattice, Structure

import ngn_core.api as ngn
from ngn_plugins.datasets.jsonl import JSONLines

ARRAYS = {
    "lattice": [[4.0, 0, 0], [0, 4.0, 0], [0, 0, 4.0]],
    "species": ["Na", "Cl"],
    "frac": [[0, 0, 0], [0.5, 0.5, 0.5]],
}
SALT = Structure(Lattice.cubic(4.0), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])


@pytest.fixture
def load(tmp_path):
    """Return a function that writes rows into a folder and loads it."""

    def load(*rows, folder="mine"):
        (tmp_path / folder).mkdir()
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / folder / "data.jsonl").write_text("\n".join(lines))
        return JSONLines().load(str(tmp_path / folder))

    return load


def test_three_ways_to_write_a_crystal(load, cif):
    table = load(
        {"id": "a", **ARRAYS, "y": 1.0},
        {"id": "b", "cif": cif, "y": 2.0},
        {"id": 3, "structure": SALT.as_dict(), "y": 3.0},
    )
    assert table.name == "mine"
    assert [row.id for row in table.rows] == ["a", "b", "3"]
    assert [row.columns for row in table.rows] == [{"y": 1.0}, {"y": 2.0}, {"y": 3.0}]
    for row in table.rows:
        crystal = row.crystal()
        assert crystal.numbers.tolist() == [11, 17]
        assert crystal.volume == pytest.approx(64.0)
        assert crystal.frac[1] == pytest.approx([0.5, 0.5, 0.5])


def test_a_shared_site_keeps_its_occupancies(load):
    species = [{"Na": 0.75, "K": 0.25}, "Cl"]
    (row,) = load({"id": "a", **ARRAYS, "species": species}).rows
    assert sorted(row.crystal().species[0]) == [(11, 0.75), (19, 0.25)]


def test_a_file_and_its_folder_are_the_same(tmp_path):
    folder = tmp_path / "matbench_jdft2d"
    folder.mkdir()
    row = {"id": "a", **ARRAYS, "exfoliation_en": 1.0, "fold": 2}
    with gzip.open(folder / "data.jsonl.gz", "wt") as file:
        file.write(json.dumps(row) + "\n\n")
    for source in (folder, folder / "data.jsonl.gz"):
        table = JSONLines().load(str(source))
        assert table.name == "matbench_jdft2d"
        assert table.targets["exfoliation_en"] == ngn.Target("?", None, "fold")
        assert table.rows[0].where == f"{folder / 'data.jsonl.gz'}:1"
        assert len(table.rows) == 1


def test_a_file_of_another_name_names_the_dataset(tmp_path):
    (tmp_path / "oxides.v2.jsonl").write_text(json.dumps({"id": "a", **ARRAYS}))
    assert JSONLines().load(str(tmp_path / "oxides.v2.jsonl")).name == "oxides.v2"


def test_crystals_are_read_late(load):
    table = load({"id": "a", "cif": "nonsense", "y": 1.0}, {"id": "b", **ARRAYS})
    with pytest.raises(ngn.StructureError):
        table.rows[0].crystal()
    assert table.rows[1].crystal().numbers.tolist() == [11, 17]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"lattice": ARRAYS["lattice"]},
        {**ARRAYS, "species": None},
        {**ARRAYS, "species": ["Na", None]},
        {**ARRAYS, "species": ["Na"]},
        {**ARRAYS, "species": ["Na", "Qq"]},
        {**ARRAYS, "species": "NaCl"},
        {**ARRAYS, "species": [{"Na": "half"}, "Cl"]},
        {**ARRAYS, "lattice": [[1, 2], [3]]},
        {**ARRAYS, "lattice": "cubic"},
        {**ARRAYS, "frac": [[0, 0, "x"], [0, 0, 0]]},
        {**ARRAYS, "frac": [[0, 0]]},
        {"structure": {}},
        {"structure": []},
        {"structure": "NaCl"},
        {"structure": {"lattice": {}, "sites": [{}]}},
        {"cif": 7},
        {"cif": ""},
    ],
    ids=str,
)
def test_a_crystal_that_is_none_says_so(load, row):
    (found,) = load({"id": "a", **row}).rows
    with pytest.raises(ngn.StructureError) as error:
        found.crystal()
    assert len(str(error.value)) > 10


def test_what_is_missing_is_named(load):
    (found,) = load({"id": "a", **ARRAYS, "species": None}).rows
    with pytest.raises(ngn.StructureError, match="`species` missing or null"):
        found.crystal()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "b"', "data.jsonl:2: is not JSON"),
        ("[1, 2]", "data.jsonl:2: found a JSON list; expected an object"),
        ('{"y": 1}', "data.jsonl:2: found id None; every row needs"),
        ('{"id": true}', "data.jsonl:2: found id True"),
        ('{"id": [1]}', "data.jsonl:2: found id"),
    ],
)
def test_a_broken_line_is_named(load, line, message):
    with pytest.raises(ngn.DatasetError, match=message):
        load({"id": "a", **ARRAYS}, line)


def test_an_empty_file_is_an_error(load):
    with pytest.raises(ngn.DatasetError, match="holds no rows"):
        load("", " ")


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(ngn.DatasetError, match="there is no such file"):
        JSONLines().load(str(tmp_path / "rows.jsonl"))


@pytest.mark.parametrize(
    "content",
    [b"{}", gzip.compress(b'{"id": 1}' * 99)[:-12]],
    ids=["no gzip", "cut off"],
)
def test_a_file_that_is_not_gzip_or_cut_off_is_an_error(tmp_path, content):
    (tmp_path / "data.jsonl.gz").write_bytes(content)
    with pytest.raises(ngn.DatasetError, match="cannot be read"):
        JSONLines().load(str(tmp_path))


def test_a_file_that_is_not_text_is_an_error(tmp_path):
    (tmp_path / "data.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ngn.DatasetError, match="is not UTF-8 text"):
        JSONLines().load(str(tmp_path))


def test_a_folder_with_both_files_is_ambiguous(tmp_path):
    (tmp_path / "data.jsonl").write_text("{}")
    (tmp_path / "data.jsonl.gz").write_bytes(gzip.compress(b"{}"))
    with pytest.raises(ngn.DatasetError, match="holds both"):
        JSONLines().load(str(tmp_path))


def test_in_a_stream_a_broken_line_costs_its_row_alone(tmp_path):
    file = tmp_path / "many.jsonl"
    good = [json.dumps({"id": name, **ARRAYS}) for name in "ab"]
    file.write_text("\n".join([good[0], "{", "", "[1]", json.dumps(ARRAYS), good[1]]))
    first, *broken, last = JSONLines().stream(str(file))
    assert (first.id, last.id) == ("a", "b")
    assert last.crystal().numbers.tolist() == [11, 17]
    assert [row.id for row in broken] == [f"{file}:{line}" for line in (2, 4, 5)]
    reasons = ["is not JSON", "found a JSON list", "found id None"]
    for row, reason in zip(broken, reasons, strict=True):
        with pytest.raises(ngn.StructureError, match=f"^{reason}"):
            row.crystal()
