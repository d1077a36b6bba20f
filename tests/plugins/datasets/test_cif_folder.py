from __future__ import annotations

import pytest

import ngn_core.api as ngn
from ngn_core.dataset.select import select
from ngn_plugins.datasets.cif_folder import CIFFolder


@pytest.fixture
def folder(tmp_path, cif, poscar):
    """Return a folder with a file of every name that an id may have."""
    folder = tmp_path / "salts"
    folder.mkdir()
    (folder / "a.cif").write_text(cif)
    (folder / "b.vasp").write_text(poscar)
    (folder / "c.poscar").write_text(poscar)
    (folder / "POSCAR_d").write_text(poscar)
    return folder


def load(folder, values=None):
    if values is not None:
        (folder / "id_prop.csv").write_text(values)
    return CIFFolder().load(str(folder))


def test_a_table_with_a_header(folder):
    table = load(folder, "id,gap,metal,tag,fold\na,1.5,true,x,0\nb.vasp,,false,y,1\n")
    assert table.name == "salts"
    assert [row.id for row in table.rows] == ["a", "b.vasp"]
    assert dict(table.rows[0].columns) == {
        "gap": 1.5,
        "metal": True,
        "tag": "x",
        "fold": 0,
    }
    assert table.rows[1].columns["gap"] is None
    assert table.rows[1].where == f"{folder / 'id_prop.csv'}:3"
    assert table.targets == {
        "gap": ngn.Target("?", None, "fold"),
        "metal": ngn.Target("?", None, "fold"),
    }


def test_two_columns_without_a_header_are_id_and_target(folder):
    table = load(folder, "a,1.5\nb,-2\n")
    assert [row.columns for row in table.rows] == [{"target": 1.5}, {"target": -2}]
    assert list(table.targets) == ["target"]


def test_a_first_row_of_text_is_no_header_where_its_file_exists(folder):
    table = load(folder, "a,metal\nb,insulator\n")
    assert [row.id for row in table.rows] == ["a", "b"]


def test_more_columns_need_a_header(folder):
    with pytest.raises(ngn.DatasetError, match="3 columns without a header"):
        load(folder, "a,1.5,2.5\nb,1,2\n")


def test_every_name_of_a_file_is_found(folder):
    table = load(folder, "a,1\na.cif,1\nb,1\nc,1\nd,1\nPOSCAR_d,1\n")
    for row in table.rows:
        assert row.crystal().numbers.tolist() == [11, 17]


@pytest.mark.parametrize("name", ["e", "../salts/a", "/etc/passwd"])
def test_a_missing_file_is_an_error_of_its_row(folder, name):
    table = load(folder, f"a,1\n{name},2\n")
    assert table.rows[0].crystal() is not None
    with pytest.raises(ngn.StructureError, match="no structure file for id"):
        table.rows[1].crystal()


def test_without_values_every_file_is_a_row(folder):
    (folder / "README.md").write_text("not a structure")
    table = load(folder)
    assert [row.id for row in table.rows] == ["POSCAR_d", "a.cif", "b.vasp", "c.poscar"]
    assert len(select(table, None)) == 4
    with pytest.raises(
        ngn.DatasetError, match="no column 'gap'.*columns of numbers .none"
    ):
        select(table, "gap")


def test_files_that_are_left_out_are_counted(folder):
    assert load(folder, "a,1\nb,2\n").note.startswith("2 structure files are not in")
    one = load(folder, "a,1\nb,2\nc,3\n").note
    assert one == "1 structure file is not in id_prop.csv and left out."
    assert load(folder, "a,1\nb,2\nc,3\nd,4\n").note is None


def test_odd_files_are_all_named_at_once(folder, odd_cifs):
    for name, text in odd_cifs.items():
        (folder / f"{name}.cif").write_text(text)
    names = ["a", "b", "c", "d", "missing", *odd_cifs]
    table = load(folder, "".join(f"{name},{i}.5\n" for i, name in enumerate(names)))
    with pytest.raises(ngn.DatasetError) as error:
        select(table, "target")
    text = str(error.value)
    assert "3 of 8 rows cannot be used" in text
    assert "1 of 8 rows have disordered sites" in text
    for name in ("missing", *odd_cifs):
        assert f"{name} (" in text
    assert "partly occupied" in text
    found = select(table, "target", on_bad_structure="skip", on_disorder="skip")
    assert found.ids == ("a", "b", "c", "d")
    assert [s.id for s in found.skipped] == ["missing", *odd_cifs]


def test_an_id_that_occurs_twice_is_refused(folder):
    with pytest.raises(ngn.DatasetError, match="a: .*id_prop.csv:1, .*id_prop.csv:3"):
        select(load(folder, "a,1\nb,2\na,3\n"), "target")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("", "holds no rows"),
        ("id,gap\n", "holds a header and no rows"),
        ("id,gap\na,1\nb\n", "id_prop.csv:3: found 1 cell; expected 2: id, gap"),
        ("id,gap,gap\na,1,2\n", "two columns are named 'gap'"),
        ('id,gap\na,"1\n', "is not CSV"),
    ],
)
def test_a_broken_table_is_named(folder, values, message):
    with pytest.raises(ngn.DatasetError, match=message):
        load(folder, values)
