"""`--sweep` and `ngn report --paper` from the outside: a sweep, and its archive."""

from __future__ import annotations

import csv
import json

import pytest

from ngn_core.cli.compare import main as compare
from ngn_core.cli.workbench import main as ngn

TINY = (
    "extends: cgcnn\nname: tiny\n"
    "graph: {edges: {use: knn, neighbors: 4}}\n"
    "network: {embed: {node: {width: 4}}, head: {layers: [1]}}\n"
)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A tiny network with 4 and with 8 neighbors on a few alloys."""
    folder = tmp_path_factory.mktemp("swept")
    (folder / "tiny.yaml").write_text(TINY)
    data = ["--limit", "12", "--split", "kfold:2", "--cache", str(folder / "cache")]
    sweep = ["--sweep", "graph.edges.neighbors=4,8", "--epochs", "1"]
    kept = ["--costs", "none", "--jobs", "1", "--out", str(folder / "runs")]
    assert compare([str(folder / "tiny.yaml"), *data, *sweep, *kept]) == 0
    return folder / "runs"


def files(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_report_holds_error_and_cost_over_edges(swept):
    with (swept / "report" / "sweep.csv").open(newline="", encoding="utf-8") as file:
        four, eight = csv.DictReader(file)
    assert (four["value"], eight["value"]) == ("4.0", "8.0")
    assert float(four["edges [/crystal]"]) < float(eight["edges [/crystal]"])
    assert float(four["flops_per_crystal [/crystal]"]) < float(
        eight["flops_per_crystal [/crystal]"]
    )
    [table] = json.loads((swept / "report" / "comparison.json").read_text())
    told = {one["name"]: one["rows"] for one in table["tables"]}
    means = {one["spec"]: one["mae"]["mean"] for one in told["scores"]}
    for row in (four, eight):
        assert float(row["mean [eV/atom]"]) == means[row["spec"]]
    page = (swept / "report" / "report.html").read_text(encoding="utf-8")
    for title in ("MAE over graph.edges.neighbors", "MAE over edges"):
        assert f"<h2>{title}</h2>" in page
    assert "<h2>Cost over edges</h2>" in page


def test_the_archive_of_a_paper_gives_the_same_report(swept, tmp_path):
    pytest.importorskip("matplotlib")
    paper, first = tmp_path / "paper", tmp_path / "first"
    assert ngn(["report", str(swept), "--out", str(first), "--paper", str(paper)]) == 0
    assert files(first) == files(swept / "report")
    figures = {file.name for file in (paper / "figures").iterdir()}
    assert {"sweep_edges_one_column.pdf", "sweep_cost.csv", "parity.csv"} <= figures
    built = tmp_path / "built"
    assert ngn(["report", str(paper / "archive.tar.xz"), "--out", str(built)]) == 0
    assert files(built) == files(first)
    assert files(built)["comparison.tex"] == (paper / "tables.tex").read_bytes()
