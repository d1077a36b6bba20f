"""What the documents show works as written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from ngn_core.cli.compare import main, parser
from ngn_core.cli.workbench import main as workbench
from ngn_core.spec.load import resolve_spec

ROOT = Path(__file__).parent.parent


def blocks(file: str, language: str) -> list[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_the_message_function_of_contributing_trains_beside_a_shipped_one(here, capsys):
    (here / "plain.py").write_text(blocks("CONTRIBUTING.md", "python")[0])
    (here / "plain.yaml").write_text(blocks("CONTRIBUTING.md", "yaml")[0])
    assert workbench(["validate", "plain.yaml", "--plugin", "plain.py"]) == 0
    code = main(
        [
            "plain.yaml",
            "cgcnn",
            "--plugin",
            "plain.py",
            "--limit",
            "20",
            "--epochs",
            "1",
        ]
    )
    assert code == 0
    assert "Plain" in capsys.readouterr().out


def test_the_python_page_runs(here, capsys):
    for code in blocks("docs/how-to/python.md", "python"):
        exec(compile(code, "docs/how-to/python.md", "exec"), {})
    assert "volumes: volume (regression, ?), 12 crystals" in capsys.readouterr().out


def test_the_spec_in_the_readme_is_the_shipped_one(registry):
    shown = yaml.safe_load(blocks("README.md", "yaml")[0])
    shipped = yaml.safe_load((ROOT / "specs" / "cogn.yaml").read_text())
    spec, expected = (
        resolve_spec(data, registry, "test").resolved() for data in (shown, shipped)
    )
    del spec["reference"], expected["reference"]
    assert spec == expected


def test_every_flag_in_the_readme_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    known = parser().format_help()
    for block in blocks("README.md", "sh"):
        for line in block.splitlines():
            if line.startswith("ngn-compare"):
                for flag in re.findall(r"--[a-z-]+", line.partition("#")[0]):
                    assert flag in known, flag
    assert "--on-bad-structure skip" in text
    assert "--on-bad-structure" in known


def test_every_floor_is_described_in_contributing():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for folder in (ROOT / "ngn_core").iterdir():
        if folder.is_dir() and folder.name not in {"__pycache__", "specs"}:
            assert f"`{folder.name}/`" in text


def test_the_scores_in_the_readme_are_those_of_the_committed_run():
    file = ROOT / "benchmarks" / "results" / "jdft2d_30_epochs.json"
    (table,) = json.loads(file.read_text(encoding="utf-8"))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
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
