"""What the documents show works as written."""

from __future__ import annotations

import ast
import inspect
import json
import re
import runpy
import shlex
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

import ngn
from ngn_core.cli.benchmark import with_benchmark
from ngn_core.cli.compare import main, parser
from ngn_core.cli.workbench import main as workbench
from ngn_core.cli.workbench import parser as workbench_parser
from ngn_core.dataset.dataset import DatasetTable, Row, SiteColumn
from ngn_core.dataset.declaration import KEYS, DeclarationFlags
from ngn_core.dataset.declare import declared, open_declared
from ngn_core.dataset.fold_file import read_fold_file
from ngn_core.dataset.select import select
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_specs, resolve_spec

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    str(file.relative_to(ROOT))
    for file in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
)

COLUMNS = {
    "e_form": [-1.0, -2.0, -3.0, -4.0],
    "gap_pbe": [0.0, 1.5, 2.0, 0.0],
    "k_vrh": [100.0, 20.0, 3.0, 40.0],
    "fold": [0, 1, 0, 1],
    "tier": ["A", "A", "A", "B"],
    "match": ["unique", "unique", "model", "ambiguous"],
    "mp_id": ["mp-1", "mp-2", "mp-2", "mp-3"],
}
"""Of a table of which the declarations in the documents may speak."""


def blocks(file: str, language: str) -> list[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def every(language: str) -> list[tuple[str, str]]:
    return [(page, block) for page in PAGES for block in blocks(page, language)]


def commands() -> list[tuple[str, str]]:
    """Return the page and the text of every command that the documents show."""
    found = []
    for page, block in every("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if command := line.partition(" #")[0].strip():
                found += [(page, part.strip()) for part in command.split("&&")]
    return found


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def plain(here):
    """The files of CONTRIBUTING, in the folder in which one stands."""
    (here / "plain.py").write_text(blocks("CONTRIBUTING.md", "python")[0])
    (here / "plain.yaml").write_text(blocks("CONTRIBUTING.md", "yaml")[0])
    return here


def run(code, page):
    exec(compile(code, page, "exec"), {})


# pages --------------------------------------------------------------------------------


def test_every_page_of_the_menu_is_there_and_no_other():
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w/-]+\.md", text.partition("nav:")[2]))
    made = {f"reference/{name}.md" for name in generated()}
    written = {page.removeprefix("docs/") for page in PAGES if "docs/" in page}
    assert named == made | written
    assert not made & written


def generated():
    text = (ROOT / "docs" / "reference.py").read_text(encoding="utf-8")
    return re.findall(r'^write\("(\w+)"', text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)\)", text):
        if not target.startswith("http"):
            assert ((ROOT / page).parent / target).exists(), target


def test_the_reference_has_every_component_command_and_spec(
    tmp_path, monkeypatch, registry
):
    def write(name, mode):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        return (tmp_path / name).open(mode, encoding="utf-8")

    monkeypatch.setitem(sys.modules, "mkdocs_gen_files", SimpleNamespace(open=write))
    runpy.run_path(str(ROOT / "docs" / "reference.py"))
    page = {file.stem: file.read_text("utf-8") for file in tmp_path.rglob("*.md")}
    assert set(page) == set(generated())
    for entry in registry:
        assert f"\n### {entry.name}\n" in page["components"]
    for name in shipped_specs():
        assert f"\n| `{name}` |" in page["specs"]
    for command in ("ngn-compare", "ngn data", "ngn parity", "ngn holdout"):
        assert f"\n## {command}\n" in page["commands"]
    assert "`--split NAME[:K]|FILE.json`" in page["commands"]


def test_the_page_for_python_has_everything_that_ngn_holds():
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    shown = {line.rpartition(".")[2] for line in re.findall(r"^::: (.*)$", text, re.M)}
    public = {
        name
        for name, value in vars(ngn).items()
        if name[0] != "_" and (inspect.isclass(value) or inspect.isfunction(value))
    }
    assert public <= shown
    assert all(hasattr(ngn, name) for name in shown)


# commands -----------------------------------------------------------------------------


def parsed(page, command):
    """Return what a command of ngn's gives its program, None for other programs."""
    name, *arguments = shlex.split(command)
    try:
        if name == "ngn-compare":
            return parser().parse_intermixed_args(arguments)
        return workbench_parser().parse_args(arguments) if name == "ngn" else None
    except SystemExit:
        pytest.fail(f"{page}: {command}")


def test_every_command_is_one_that_its_program_takes():
    ours = [parsed(page, command) for page, command in commands()]
    assert sum(asked is not None for asked in ours) > 40
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for (page, command), asked in zip(commands(), ours, strict=True):
        name, *arguments = shlex.split(command)
        if name == "make":
            assert re.search(rf"^{arguments[0]}:", makefile, re.MULTILINE), command
        elif asked is None:
            assert name in {"cd", "git", "pip", "pytest"}, f"{page}: {command}"


def test_every_spec_that_a_command_names_is_shipped_or_a_file():
    known = set(shipped_specs())
    for page, command in commands():
        asked = parsed(page, command)
        ends = [getattr(asked, name, None) for name in ("spec", "first", "last")]
        named = [*(getattr(asked, "specs", None) or []), *ends]
        for spec in named:
            if isinstance(spec, str) and spec != "none":
                assert spec.endswith(".yaml") or spec in known, f"{page}: {command}"


def test_every_flag_in_prose_exists():
    (subparsers,) = (
        action.choices for action in workbench_parser()._actions if action.choices
    )
    helps = [
        parser().format_help(),
        *(one.format_help() for one in subparsers.values()),
    ]
    known = set(re.findall(r"--[a-z-]+", " ".join(helps)))
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        for flag in re.findall(r"`(--[a-z-]+)", prose):
            assert flag in known, f"{page}: {flag}"


# code ---------------------------------------------------------------------------------


def test_code_imports_ngn_alone():
    """Of ngn; a plugin file may call the same `ngn_core.api`."""
    for page, block in every("python"):
        for node in ast.walk(ast.parse(block)):
            names = [alias.name for alias in getattr(node, "names", ())]
            if isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            own = {name for name in names if name.partition(".")[0] == "ngn_core"}
            assert own <= {"ngn_core.api"}, f"{page}: {own}"
        assert "ngn_core." not in block.replace("ngn_core.api", ""), page


def test_the_message_function_of_contributing_trains_beside_a_shipped_one(
    plain, capsys
):
    assert workbench(["validate", "plain.yaml", "--plugin", "plain.py"]) == 0
    small = ["--limit", "20", "--epochs", "1"]
    code = main(["plain.yaml", "cgcnn", "--plugin", "plain.py", *small])
    assert code == 0
    assert "Plain" in capsys.readouterr().out


def test_the_conformance_suite_of_contributing_runs(plain):
    _, conformance = blocks("CONTRIBUTING.md", "python")
    run(conformance, "CONTRIBUTING.md")


def test_the_python_page_runs(here, capsys):
    for code in blocks("docs/how-to/python.md", "python"):
        run(code, "docs/how-to/python.md")
    assert (
        "structures: volume (regression, Å3/atom), 12 crystals"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    "page", ["README.md", "docs/how-to/pyg.md", "docs/how-to/plugin.md"]
)
def test_the_other_pages_run(page, here):
    for code in blocks(page, "python"):
        run(code, page)


def test_the_folder_of_the_tutorial_goes_all_the_way(here, capsys):
    for code in blocks("docs/tutorial.md", "python"):
        run(code, "docs/tutorial.md")
    declaration, wide = blocks("docs/tutorial.md", "yaml")
    (here / "my_cifs" / "dataset.yaml").write_text(declaration)
    (here / "wide.yaml").write_text(wide)
    said = DeclarationFlags(unit="eV", per="atom")
    registry = collect(plugin_manager())
    assert open_declared("my_cifs", registry, said).targets["e_form"].per == "atom"
    compare = next(one for _, one in commands() if "--holdout" in one and "mean" in one)
    arguments = shlex.split(compare)[1:]
    arguments[arguments.index("--epochs") + 1] = "1"
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    expected = "my_cifs: e_form (regression, eV/atom), 55 crystals, 5 folds (grouped by"
    assert expected in printed
    assert expected in (ROOT / "docs" / "tutorial.md").read_text()
    assert workbench(["holdout", "runs"]) == 0


def test_every_page_with_python_is_one_that_a_test_runs():
    run_here = {"CONTRIBUTING.md", "README.md", "docs/tutorial.md"} | {
        f"docs/how-to/{name}.md" for name in ("python", "pyg", "plugin")
    }
    assert {page for page, _ in every("python")} == run_here


# specs, declarations, rows ------------------------------------------------------------


def test_every_spec_and_every_declaration_is_valid(plain, registry):
    with_plain = collect(plugin_manager([Path("plain.py")]))
    seen = set()
    for _, block in every("yaml"):
        if set(yaml.safe_load(block)) <= set(KEYS):
            seen.add("declaration")
            check_declaration(block, plain)
        elif "specs" in yaml.safe_load(block):
            seen.add("benchmark")
            (plain / "shown.yaml").write_text(block)
            flags = with_benchmark(parser(), ["--benchmark", "shown.yaml"])
            assert parser().parse_intermixed_args(flags).specs
        else:
            seen.add("spec")
            (plain / "shown.yaml").write_text(block)
            load_specs(["shown.yaml"], with_plain)
    assert seen == {"declaration", "benchmark", "spec"}


def check_declaration(block, folder):
    (folder / "shown.yaml").write_text(block)
    rows = [
        Row(f"c{place}", "a table", None, {k: v[place] for k, v in COLUMNS.items()})
        for place in range(4)
    ]
    table = DatasetTable("shown", rows, {}, sites={"magmom": SiteColumn()})
    declared(table, None, DeclarationFlags(declaration=folder / "shown.yaml"))


def test_rows_and_folds_of_the_data_page_are_read(here, registry):
    (rows,) = blocks("docs/how-to/data.md", "jsonl")
    Path("data.jsonl").write_text(rows, encoding="utf-8")
    table = open_declared("data.jsonl", registry, DeclarationFlags())
    assert "magmom" in table.sites
    assert len(select(table, "e_form", on_disorder="average")) == 2
    (folds,) = blocks("docs/how-to/data.md", "json")
    names = [name for fold in json.loads(folds)["folds"] for name in fold]
    Path("folds.json").write_text(folds, encoding="utf-8")
    table = DatasetTable("t", [Row(name, "here", None, {}) for name in names], {})
    assert read_fold_file(Path("folds.json"), table).n_folds == 2


def test_the_spec_that_is_explained_is_the_shipped_one(registry):
    shown = yaml.safe_load(blocks("docs/how-to/spec.md", "yaml")[0])
    shipped = yaml.safe_load((ROOT / "specs" / "cogn.yaml").read_text())
    spec, expected = (
        resolve_spec(data, registry, "test").resolved() for data in (shown, shipped)
    )
    del spec["reference"], expected["reference"]
    assert spec == expected


# tables -------------------------------------------------------------------------------


def test_every_room_is_described_in_contributing_on_its_floor():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (`.*?`) \|", text, re.MULTILINE)
    described = [
        (int(floor), room.strip("`").removesuffix("/").removesuffix(".py"))
        for floor, rooms in rows
        for room in rooms.split(", ")
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    lowest = len(layers) - 2  # files and errors share the ground
    assert sorted(described) == sorted(
        (max(lowest - place, 0), room)
        for place, layer in enumerate(layers)
        for room in layer.split(" | ")
    )


def test_every_file_that_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    homes = (ROOT, ROOT / "ngn_core", ROOT / "plugins" / "ngn_plugins")
    for name in re.findall(r"`([\w/]+/[\w/]*\.py)`", text):
        assert any((home / name).exists() for home in homes), name


def test_the_readme_is_short_and_shows_what_its_command_prints(here, capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count("\n") <= 110
    command = next(
        one for page, one in commands() if page == "README.md" and "compare" in one
    )
    asked = parsed("README.md", command)
    (shown,) = blocks("README.md", "text")
    call = ["baselines/mean", "--limit", str(asked.limit), "--costs", "none"]
    assert main(call) == 0
    assert shown.splitlines()[0] in capsys.readouterr().out.splitlines()
    (page,) = (one for one in blocks("docs/tutorial.md", "text") if "SchNet" in one)
    for score in re.findall(r"0\.\d+ ± +0\.\d+", shown):
        assert re.sub(r" +", " ", score) in re.sub(r" +", " ", page)


def test_the_scores_of_the_first_page_are_those_of_the_committed_run():
    file = ROOT / "benchmarks" / "results" / "jdft2d_30_epochs.json"
    (table,) = json.loads(file.read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for line in table["specs"]:
        score = line["scores"]["mae"]
        count = f"{line['cost']['parameters']['value']:,.0f}"
        row = next(
            row
            for row in text.splitlines()
            if row.strip("| *").startswith(line["spec"])
        )
        assert f"{score['mean']:.2f} ± {score['std']:.2f}" in row
        assert count in row
