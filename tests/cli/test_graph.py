"""`ngn graph`, as a user sees it."""

import json

import pytest

from ngn_core.cli.workbench import main

POSCAR = """rock salt
1.0
5.64 0 0
0 5.64 0
0 0 5.64
Na Cl
4 4
Direct
0 0 0
0 .5 .5
.5 0 .5
.5 .5 0
.5 .5 .5
.5 0 0
0 .5 0
0 0 .5
"""


@pytest.fixture(autouse=True)
def _folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "salt.vasp").write_text(POSCAR)


@pytest.fixture
def graph(capsys):
    """A function that runs the command: its exit code, and what it printed where."""

    def run(*arguments):
        code = main(["graph", *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def test_a_file_is_shown_in_tables(graph):
    code, out, err = graph("salt.vasp", "--set", "graph.edges.neighbors=6")
    assert (code, err) == (0, "")
    assert out.startswith("NaCl, space group 225 (Fm-3m)\n")
    assert all(len(line) <= 100 for line in out.splitlines())
    lines = [line.split() for line in out.splitlines()]
    assert ["edges", "12", "12", "1.00", "x", "2", "6.00", "x"] in lines
    assert ["Na", "1", "Na-Cl", "2.8200", "6", "6"] in lines


def test_json_says_the_same(graph):
    code, out, _ = graph("salt.vasp", "--set", "graph.edges.neighbors=6", "--json")
    assert code == 0
    plain = json.loads(out)
    assert plain["formula"] == "NaCl"
    assert plain["sizes"]["orbits"] == {"node": 2, "edge": 2}
    (shell,) = plain["sites"][0]["shells"]
    assert (shell["element"], shell["count"]) == ("Cl", 6)
    assert shell["distance"] == pytest.approx(2.82)
    assert plain["space_group"]["symprec"] == 0.001


def test_a_row_of_a_dataset_is_shown(graph):
    code, out, _ = graph("emt_alloys:emt-0001", "--spec", "congn", "--json")
    assert code == 0
    plain = json.loads(out)
    assert plain["name"] == "emt_alloys:emt-0001"
    assert set(plain["sizes"]["none"]) == {"node", "edge", "angle"}


def test_a_picture_is_written_beside_the_tables(graph, tmp_path):
    code, out, err = graph("salt.vasp", "--plot")
    assert (code, err) == (0, "picture: salt.html\n")
    assert "Neighbor shells" in out
    assert "Plotly.newPlot" in (tmp_path / "salt.html").read_text(encoding="utf-8")
    code, out, err = graph("salt.vasp", "--plot", "other.html", "--json")
    assert (code, err) == (0, "picture: other.html\n")
    assert json.loads(out)["formula"] == "NaCl"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["slat.vasp"], "slat.vasp: no such file. Did you mean 'salt.vasp'?"),
        (["?"], "?: no such file. Expected a file, or DATASET:ID"),
        (["nothing:emt-0001"], "no such file. Expected a file, or DATASET:ID"),
        (["emt_alloys:emt-00001"], "emt_alloys has no crystal 'emt-00001'. Did you"),
        (["emt_alloys"], "is a dataset; say which of its crystals, emt_alloys:emt-"),
        (["bad.cif"], "bad.cif: the CIF cannot be read: "),
        (["shared.vasp"], "shared.vasp: "),
        (["salt.vasp", "--spec", "cgon"], "no shipped spec of that name"),
        (["salt.vasp", "--plot", "salt.vasp"], "a name that ends in .html"),
        (["salt.vasp", "--set", "graph.symprec=0.1"], "symprec is 0.1 Å"),
    ],
)
def test_mistakes_are_sentences(graph, tmp_path, arguments, sentence):
    (tmp_path / "bad.cif").write_text("no crystal")
    (tmp_path / "shared.vasp").write_text(POSCAR.replace("Na Cl", "Na Xx"))
    code, out, err = graph(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert (tmp_path / "salt.vasp").read_text() == POSCAR
    assert not list(tmp_path.glob("*.html"))


def test_a_folder_without_crystals_is_no_file(graph, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = graph("empty")
    assert code == 2
    assert "empty is a folder; expected a structure file" in err
