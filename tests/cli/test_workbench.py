"""The commands of `ngn`, as a user sees them."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from ngn_core.cli.workbench import main
from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_specs
from ngn_core.spec.plain_yaml import read_yaml

HEAVY = {"torch", "rich", "yaml", "pydantic", "pymatgen", "lightning"}


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def ngn(capsys):
    """A function that runs a command: its exit code, and what it printed where."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    "module", ["ngn_core", "ngn_core.cli.compare", "ngn_core.cli.workbench"]
)
def test_a_command_starts_without_anything_heavy(module):
    program = f"import sys, {module}; print(*{{n.split('.')[0] for n in sys.modules}})"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(found.stdout.split())


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert all(name in text for name in ("specs", "show", "validate", "plugins"))


def test_a_command_that_is_not_there_is_an_error(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["shwo"])
    assert stopped.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_validate_says_ok_of_every_shipped_spec(ngn):
    code, out, err = ngn("validate", *shipped_specs())
    assert (code, err) == (0, "")
    told = [line for line in out.splitlines() if not line.startswith("    note: ")]
    lines = [line for line in told if line.startswith("OK  ")]
    assert len(lines) == len(told) == len(shipped_specs())
    assert all(line.startswith("OK  ") and " parameters  " in line for line in lines)
    # the published counts
    assert any("coGN " in line and " 697,601 parameters" in line for line in lines)
    assert any("coNGN " in line and " 2,799,201 parameters" in line for line in lines)
    assert len({line.index(" parameters") for line in lines}) == 1


def test_validate_notes_a_cutoff_that_edges_may_be_beyond(ngn):
    code, out, _ = ngn("validate", "schnet", "ablations/schnet_knn")
    assert code == 0
    sighted, short, note = out.splitlines()
    assert sighted.startswith("OK  SchNet ")
    assert short.startswith("OK  SchNet (k nearest)")
    assert note == (
        "    note: network.blocks.0: schnet is 0 from 6 Å on, and the graph can have "
        "edges of any length"
    )


def test_validate_tells_all_problems_and_what_is_good(ngn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("extends: cgcnn\nname: a\ntrain: {epochs: 0}\n")
    wide = "extends: cgcnn\nname: b\nnetwork: {head: {layers: [8, 2]}}\n"
    (tmp_path / "b.yaml").write_text(wide)
    (tmp_path / "c.yaml").write_text("extends: cgcnn\nname: c\n")
    code, out, err = ngn("validate", "a.yaml", "b.yaml", "c.yaml", "nowhere.yaml")
    assert code == 2
    assert out == "OK  c  98,305 parameters  c.yaml\n"
    lines = err.splitlines()
    assert lines[0] == "3 problems:"
    assert lines[1].startswith(
        "a.yaml:3: train.epochs: found 0; expected a whole number"
    )
    assert lines[2].startswith("nowhere.yaml: (file): found no such file")
    # the width is seen only when the network is built
    assert "network.head: found 2 outputs" in lines[3]


def test_validate_takes_flags_and_plugins(ngn, tmp_path):
    plugin = tmp_path / "plugin.py"
    plugin.write_text(
        "import ngn_core.api as ngn\n"
        "class Still(ngn.MessageFunction):\n    name = 'still'\n"
        "class Broken(ngn.MessageFunction):\n    name = 'broken'\n"
        "    def __init__(self, options, dims): assert dims is None\n"
        "@ngn.hookimpl\n"
        "def ngn_register_message_functions(): return [Still, Broken]\n"
    )
    plugged = ("validate", "cgcnn", "--plugin", plugin, "--set")
    assert ngn(*plugged, "network.blocks=[still]")[0] == 0
    code, _, err = ngn(*plugged, "network.blocks=[broken]")
    assert code == 2
    assert "found AssertionError, at plugin.py:6; expected a component broken" in err
    assert ngn("validate", "cgcnn", "--set", "network.blocks=[still]")[0] == 2


def test_plugins_lists_every_component_with_its_origin(ngn, registry):
    code, out, _ = ngn("plugins")
    assert code == 0
    assert all(len(line) <= 100 for line in out.splitlines())
    for entry in registry:
        assert f"  {entry.name} " in out
        assert entry.kind in out
        assert str(entry.origin) in out


def test_plugins_as_json_says_the_same(ngn, registry):
    rows = json.loads(ngn("plugins", "--json")[1])
    names = [(entry.kind, entry.name) for entry in registry]
    assert [(row["kind"], row["name"]) for row in rows] == names
    assert all(row["version"] and row["description"] for row in rows)
    assert rows[0]["class"].startswith("ngn_plugins.")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("gaussian", ["embedding", "bins", "whole number greater than 0", "required"]),
        ("radius", ["graph constructor", "cutoff", "Å"]),
        (
            "cogn_line",
            ["message function", "Ruff et al. 2024", "gate", "required"],
        ),
        ("mlp", ["mlp  embedding", "mlp  head"]),
        ("gru", ["gate", "No options."]),
        ("csv", ["dataset", "Opens a .csv"]),
        ("graph", ["section of a spec", "symprec", "0.001", "Å", "degrees"]),
        ("train", ["epochs", "schedule or null", "patience"]),
    ],
)
def test_show_tells_what_a_component_is_and_takes(ngn, name, shown):
    code, out, _ = ngn("show", name)
    assert code == 0
    assert all(len(line) <= 100 for line in out.splitlines())
    assert all(text in out.replace(", or", " or") for text in shown)


def test_show_of_a_spec_is_a_spec(ngn, registry, tmp_path):
    code, out, _ = ngn("show", "congn", "--set", "train.epochs=7")
    assert code == 0
    assert out.splitlines()[0].endswith(": 2,799,201 parameters")
    (spec,) = load_specs(["congn"], registry, ["train.epochs=7"])
    assert read_yaml(out)[0] == spec.resolved()
    file = tmp_path / "mine.yaml"
    file.write_text(out)
    assert load_specs([str(file)], registry) == [replace(spec, file=str(file))]


def test_show_of_a_name_of_both_shows_both_or_the_spec_alone(ngn):
    _, both, _ = ngn("show", "cgcnn")
    assert "message function" in both
    assert "name: CGCNN" in both
    _, alone, _ = ngn("show", "cgcnn", "--spec")
    assert both.endswith(alone)
    assert read_yaml(alone)[0]["name"] == "CGCNN"


def test_show_suggests_components_and_specs(ngn):
    assert ngn("show", "gaussiann")[::2] == (
        2,
        "error: 'gaussiann' is no component, spec or file. Did you mean 'gaussian'?\n",
    )
    assert ngn("show", "coNGN")[2].endswith("Did you mean 'congn'?\n")
    assert ngn("show", "wholly else")[2].endswith(
        "ngn plugins and ngn specs list them\n"
    )


def test_specs_lists_names_and_papers(ngn):
    code, out, _ = ngn("specs")
    assert code == 0
    assert all(len(line) <= 100 for line in out.splitlines())
    assert all(name in out for name in shipped_specs())
    assert "10.1039/D4DD00018H" in out


def test_specs_are_copied_whole_or_not_at_all(ngn, tmp_path, registry):
    folder = tmp_path / "new" / "specs"
    assert ngn("specs", "--copy", folder)[0] == 0
    for name, file in shipped_specs().items():
        assert (folder / f"{name}.yaml").read_text() == file.read_text()
    (folder / "cogn.yaml").write_text("mine")
    (folder / "schnet.yaml").unlink()
    code, _, err = ngn("specs", "--copy", folder)
    assert code == 2
    assert "nothing was copied, for it would overwrite" in err
    assert (folder / "cogn.yaml").read_text() == "mine"
    assert not (folder / "schnet.yaml").exists()


def test_specs_are_not_copied_over_a_file(ngn, tmp_path):
    (tmp_path / "file").write_text("mine")
    code, _, err = ngn("specs", "--copy", tmp_path / "file")
    assert code == 2
    assert "expected a folder" in err


def test_a_broken_plugin_is_a_sentence(ngn, tmp_path):
    (tmp_path / "bad.py").write_text("import nowhere_to_be_found")
    for command in (["plugins"], ["show", "cogn"], ["validate", "cogn"]):
        code, _, err = ngn(*command, "--plugin", tmp_path / "bad.py")
        assert code == 2
        assert "bad.py:1: ModuleNotFoundError" in err
