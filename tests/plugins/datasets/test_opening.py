from __future__ import annotations

import pytest

from ngn_plugins.datasets import ngn_register_datasets


def openers(source):
    return [found.name for found in ngn_register_datasets() if found.opens(str(source))]


@pytest.fixture
def sources(tmp_path, cif, poscar):
    made = {
        "jsonl_folder/data.jsonl": "{}",
        "packed_folder/data.jsonl.gz": "",
        "both/data.jsonl": "{}",
        "both/a.cif": cif,
        "both/id_prop.csv": "a,1",
        "cifs/a.cif": cif,
        "poscars/POSCAR_a": poscar,
        "values/id_prop.csv": "a,1",
        "empty/README": "",
        "rows.jsonl": "{}",
        "table.csv": "id,cif",
        "table.csv.gz": "",
        "folder.csv/a.cif": cif,
    }
    for name, text in made.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("jsonl_folder", "jsonl"),
        ("packed_folder", "jsonl"),
        ("packed_folder/data.jsonl.gz", "jsonl"),
        ("both", "jsonl"),
        ("rows.jsonl", "jsonl"),
        ("missing.jsonl.gz", "jsonl"),
        ("cifs", "cif_folder"),
        ("cifs/", "cif_folder"),
        ("poscars", "cif_folder"),
        ("values", "cif_folder"),
        ("folder.csv", "cif_folder"),
        ("table.csv", "csv"),
        ("table.csv.gz", "csv"),
        ("missing.csv", "csv"),
        ("matbench_jdft2d", "matbench"),
        ("matbench_steels", "matbench"),
        ("emt_alloys", "emt_alloys"),
    ],
)
def test_exactly_one_dataset_opens_a_source(sources, monkeypatch, source, name):
    monkeypatch.chdir(sources)
    assert openers(source) == [name]


@pytest.mark.parametrize("source", ["empty", "nowhere", "cifs/a.cif", "", "jdft2d"])
def test_nothing_else_is_opened(sources, monkeypatch, source):
    monkeypatch.chdir(sources)
    assert openers(source) == []


def test_a_local_folder_wins_over_the_matbench_task(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matbench_jdft2d").mkdir()
    (tmp_path / "matbench_jdft2d/data.jsonl").write_text("{}")
    assert openers("matbench_jdft2d") == ["jsonl"]


def test_the_embedded_dataset_wins_over_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "emt_alloys").mkdir()
    (tmp_path / "emt_alloys/data.jsonl").write_text("{}")
    assert openers("emt_alloys") == ["emt_alloys"]
    assert openers("./emt_alloys") == ["jsonl"]


def test_every_dataset_says_what_it_opens():
    for found in ngn_register_datasets():
        assert found.description
        assert found.__doc__
