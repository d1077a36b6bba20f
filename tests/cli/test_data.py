"""`ngn data`, as a user sees it, and a comparison of the same odd folder."""

import json
import re

import pytest
from pymatgen.core import Lattice, Structure

from ngn_core.cli.compare import main as compare
from ngn_core.cli.workbench import main
from ngn_core.crystal.elements import symbol_of
from ngn_core.dataset.open import open_dataset

DISORDERED = ("mixed-a", "mixed-b")
IDENTICAL = ("c00", "twice")
FLAT = """data_x
_cell_length_a 4
_cell_length_b 4
_cell_length_c 4
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 180
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na 0 0 0
"""
BROKEN = ("blank", "flat", "overlap")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, registry):
    """Fifty CIFs: three broken, two disordered, two identical; no header."""
    folder = tmp_path_factory.mktemp("data") / "oxides"
    folder.mkdir()
    table = open_dataset("emt_alloys", registry)
    values = {}
    for place, row in enumerate(table.rows[:44]):
        crystal = row.crystal()
        symbols = [symbol_of(number) for number in crystal.numbers]
        structure = Structure(crystal.lattice, symbols, crystal.frac)
        _write(folder, f"c{place:02d}", structure)
        values[f"c{place:02d}"] = row.columns["formation_energy"]
    (folder / "twice.cif").write_text((folder / "c00.cif").read_text(encoding="utf-8"))
    for name, share in zip(DISORDERED, (0.5, 0.75), strict=True):
        mixed = [{"Cu": share, "Au": 1 - share}]
        _write(folder, name, Structure(Lattice.cubic(3.8), mixed, [[0, 0, 0]]))
    (folder / "blank.cif").write_text("")
    (folder / "flat.cif").write_text(FLAT)
    near = Structure(Lattice.cubic(4), ["Cu", "Cu"], [[0, 0, 0], [0.01, 0, 0]])
    _write(folder, "overlap", near)
    others = ["twice", *DISORDERED, *BROKEN]
    values |= {name: 0.1 * place for place, name in enumerate(others)}
    assert len(list(folder.glob("*.cif"))) == len(values) == 50
    lines = [f"{name},{value}\n" for name, value in values.items()]
    (folder / "id_prop.csv").write_text("".join(lines))
    return folder


@pytest.fixture
def data(capsys, monkeypatch, tmp_path):
    """A function that runs the command: its exit code, and what it printed where."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        cache = ["--cache", str(tmp_path / "cache")]
        code = main(["data", *map(str, arguments), *cache])
        return code, *capsys.readouterr()

    return run


def test_every_odd_row_of_a_folder_is_named(data, folder):
    code, out, _ = data(folder)
    assert code == 0
    assert out.startswith("oxides: 50 rows\n")
    lines = out.splitlines()
    for name in (*BROKEN, *DISORDERED, *IDENTICAL):
        assert any(line.split()[:1] == [name] for line in lines), name
    assert "the file is empty" in _joined(out)
    assert "47 crystals surveyed; 3 that cannot be used" in _joined(out)
    assert "target [?] (regression)" in out
    assert "none has a formula duplicate in training" in _joined(out)  # grouped
    assert all(len(line) <= 100 for line in lines)


def test_narrow_terminals_show_every_word(data, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = data(folder, "--spec", "none")
    assert code == 0
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "…" not in out


def test_json_holds_every_row_and_every_duplicate(data, folder):
    code, out, _ = data(folder, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["rows"]["total"] == 50
    assert {row["id"] for row in found["rows"]["bad"]} == set(BROKEN)
    assert {row["id"] for row in found["rows"]["disordered"]} == set(DISORDERED)
    assert found["rows"]["identical"] == [list(IDENTICAL)]
    assert found["leakage"]["tested"] == 47
    assert found["floor"]["spec"] == "coGN"
    # the duplicates' targets differ, so their graph has a floor
    group = next(g for g in found["floor"]["groups"] if set(IDENTICAL) <= set(g["ids"]))
    assert max(group["values"]) > min(group["values"])


def test_the_folds_are_those_of_the_comparison(data, folder):
    _, out, _ = data(folder, "--spec", "none", "--split", "kfold:3", "--json")
    found = json.loads(out)
    assert found["n_folds"] == 3
    assert sum(found["fold_sizes"]) == 47
    assert found["leakage"]["parts"][0]["crystals"] > 0


def test_a_page_is_written(data, folder, tmp_path):
    code, _, err = data(folder, "--spec", "none", "--html", tmp_path / "page.html")
    assert code == 0
    assert "page: " in err
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "Odd rows" in text


def test_a_comparison_of_the_same_folder_names_them_too(
    folder, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    arguments = ["cgcnn", "--dataset", str(folder), "--folds", "2", "--epochs", "1"]
    policy = ["--on-bad-structure", "skip", "--on-disorder", "skip"]
    files = ["--out", str(tmp_path / "runs"), "--cache", str(tmp_path / "cache")]
    narrow = ["--set", "network.embed.node.width=8"]
    assert compare([*arguments, *policy, *files, *narrow]) == 0
    out = _joined(capsys.readouterr().out)
    for name in (*BROKEN, *DISORDERED):
        assert f"Skipped {name} (" in out
    assert f"Identical crystals: {', '.join(IDENTICAL)}" in out
    assert "Of 45 test crystals, none has a formula duplicate in training." in out
    report = tmp_path / "runs" / "report"
    (table,) = json.loads((report / "comparison.json").read_text(encoding="utf-8"))
    (leakage,) = (one for one in table["tables"] if one["name"] == "leakage")
    assert leakage["tested"] == 45
    rows = (report / "leakage.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith(
        "dataset,target,spec,formula_duplicate,formula_duplicate_crystals"
    )
    assert any(",CGCNN,,0," in row and ",45," in row for row in rows)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "tarhet"], "Did you mean 'target'"),
        (["--spec", "cogm"], "cogn"),
        (["--html", "page.pdf"], "expected a name that ends in .html"),
        (["--split", "kfold:x"], "expected NAME:K"),
    ],
)
def test_mistakes_are_sentences(data, folder, arguments, message):
    code, out, err = data(folder, *arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_a_source_that_is_none_is_refused(data):
    code, _, err = data("nowhere")
    assert code == 2
    assert "no such name, folder or file" in err


def _write(folder, name, structure):
    structure.to(str(folder / f"{name}.cif"))


def _joined(text):
    return re.sub(r"\s+", " ", text)
