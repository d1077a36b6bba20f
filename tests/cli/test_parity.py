"""`ngn parity` and `ngn predict --weights`, as they are called."""

import json
import re

import numpy as np
import pytest

from ngn_core.cli.workbench import main
from ngn_core.spec.extend import read_extended
from ngn_core.spec.library import look_up, shipped_specs


@pytest.fixture
def crystal(reference_folder, tmp_path):
    """The reference's crystal as a CIF file, and what its weights predict for it."""
    from pymatgen.core import Lattice, Structure

    case = json.loads((reference_folder / "cases.jsonl").read_text())
    given = case["structure"]
    lattice = Lattice(given["lattice"])
    file = tmp_path / "nacl.cif"
    Structure(lattice, given["species"], given["frac_coords"]).to(str(file))
    return file, case["output"]["sum"][0]


def test_it_prints_every_deviation_and_agrees(reference_folder, capsys):
    assert main(["parity", "schnet", str(reference_folder), "--own-graph"]) == 0
    said = capsys.readouterr().out
    for word in ("nacl", "sum", "mean", "update/interaction0", "own graph", "agrees"):
        assert word in said
    assert "not mapped: unknown" in said


def test_the_exit_code_is_1_above_the_tolerance(reference_folder, capsys):
    with np.load(reference_folder / "weights.npz") as arrays:
        weights = {name: arrays[name] for name in arrays.files}
    weights["lin2.bias"] = weights["lin2.bias"] + 1e-3
    np.savez(reference_folder / "weights.npz", **weights)
    assert main(["parity", "schnet", str(reference_folder)]) == 1
    assert "FAILED" in capsys.readouterr().out
    assert main(["parity", "schnet", str(reference_folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["passed"] is False
    assert found["worst"]["mean"] > 1e-4


def test_float32_has_a_tolerance_of_its_own(reference_folder, capsys):
    command = ["parity", "schnet", str(reference_folder), "--dtype", "float32"]
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tolerance"] == 1e-4


def test_weights_that_do_not_fit_are_a_sentence(reference_folder, capsys):
    assert main(["parity", "cgcnn", str(reference_folder)]) == 2
    assert "the weights are SchNet's" in capsys.readouterr().err


def flat(text):
    return " ".join(text.split())


def test_published_weights_predict_and_random_ones_are_told(
    reference_folder, crystal, tmp_path, capsys
):
    file, expected = crystal
    out = tmp_path / "out.csv"
    command = ["predict", "--weights", str(reference_folder), str(file)]
    assert main([*command, "--out", str(out)]) == 0
    assert "random" in capsys.readouterr().out
    header, row = (line.split(",") for line in out.read_text().splitlines())
    found = dict(zip(header, row, strict=True))
    assert float(found["prediction"]) == pytest.approx(expected, rel=1e-6)
    assert found["unit"] == "?"
    config = json.loads((reference_folder / "config.json").read_text())
    del config["seed"]
    config["target"]["unit"] = "eV"
    (reference_folder / "config.json").write_text(json.dumps(config))
    assert main([*command, "--spec", "schnet"]) == 0
    said = capsys.readouterr().out
    assert "random" not in said
    assert "eV" in said
    assert "made for the graph of literal/schnet; on that of schnet" in flat(said)
    assert main(command) == 0
    assert "made for the graph" not in flat(capsys.readouterr().out)


def test_an_element_that_the_weights_do_not_know_is_named(
    reference_folder, crystal, capsys
):
    file, _ = crystal
    file.write_text(file.read_text().replace("Cl", "Po"))
    command = ["predict", "--weights", str(reference_folder), str(file)]
    assert main(command) == 2
    assert "one of its elements: Na, Po" in capsys.readouterr().err
    assert main([*command, "--on-bad-structure", "skip"]) == 1


def test_a_spec_goes_with_weights(crystal, capsys):
    assert main(["predict", "--spec", "schnet", str(crystal[0])]) == 2
    assert "--spec goes with --weights" in capsys.readouterr().err


def test_every_published_spec_is_literal_and_says_where_it_is_from(registry):
    data = {
        name: read_extended(file, look_up).data
        for name, file in shipped_specs().items()
    }
    published = [name for name in data if name.startswith("literal/")]
    importers = {importer.spec for importer in registry.components("importer")}
    assert set(published) == importers
    for name in published:
        closed = data[name.removeprefix("literal/")]
        assert data[name]["graph"]["closure"] == "literal"
        assert closed["graph"].get("closure", "group") == "group"
        assert data[name]["reference"]["doi"] == closed["reference"]["doi"]
        note = data[name]["reference"]["note"]
        assert re.search(r"\d eV/atom|\d meV/atom|accuracy \d|No MatBench score", note)
