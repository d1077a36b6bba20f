"""Writes docs/findings.md: why coGN is better than CGCNN, and what connectivity does.

    python benchmarks/findings.py
    python benchmarks/findings.py --connectivity comparison.json --epochs 60

Everything on the page is read from `benchmarks/results`: `explain/`, as `ngn explain`
writes it (`benchmarks/explain.sh`), and `connectivity.json`, the curves of
`benchmarks/connectivity.yaml`, taken from the report that is named.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from ngn_core.summary.numbers import format_spread

RESULTS = Path(__file__).parent / "results"
CONNECTIVITY = RESULTS / "connectivity.json"
PAGE = RESULTS.parent.parent / "docs" / "findings.md"

TEXT = """# Findings

Made by `python benchmarks/findings.py` from `benchmarks/results`; no figure on this
page is typed by hand. All trainings are short (the epochs stand with each table), so
that they fit on two processor cores: they compare what specs learn in that time, not
what they reach in the end.

## Is it the connectivity, or the deeper message function?

The question of Ruff et al. 2024, inside coGN, on the official folds of
matbench_phonons: 12 or 24 neighbors, one or five layers in the message function, five
folds and three seeds, 40 epochs. `--match scale` divides every sum of messages by the
mean number of neighbors. Without it the question cannot be asked: with one message
layer the sums grow from block to block, and so does the error, the more so the more
neighbors there are (official fold 0, three seeds, the same epochs):

{unscaled}

With it:

{depth}

## From CGCNN to coGN in four steps

All 16 hybrids, the official folds of matbench_phonons, one seed, 60 epochs for each.

{architecture}

## Does connectivity matter?

Four networks on a seeded sample of {crystals} crystals of matbench_phonons, in its
official folds, {epochs} epochs, trained on k nearest neighbors, all neighbors within a
radius, and the facets of Voronoi cells with at least some area
(`benchmarks/connectivity.yaml`). Edges are counted as they are stored: of
symmetry-equivalent ones, one.

{connectivity}
"""


def main() -> None:
    """Write the page, first `connectivity.json` where a report is named."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--connectivity", type=Path, metavar="REPORT")
    parser.add_argument("--epochs", type=int, help="of its trials")
    asked = parser.parse_args()
    if asked.connectivity is not None:
        found = curves(json.loads(asked.connectivity.read_text("utf-8")), asked.epochs)
        text = json.dumps(found, indent=1, ensure_ascii=False)
        CONNECTIVITY.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def curves(report: Any, epochs: int) -> dict[str, Any]:
    """Return what the page needs of a report's JSON."""
    (found,) = report
    rows = [
        row
        for table in found["tables"]
        if table["name"] == "sweep"
        for row in table["rows"]
    ]
    by_curve: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_curve.setdefault((row["key"], row["curve"]), []).append(row)
    return {
        "dataset": found["dataset"],
        "crystals": found["crystals"],
        "epochs": epochs,
        "title": rows[0]["metric"],
        "unit": rows[0]["unit"],
        "curves": [_curve(own) for own in by_curve.values()],
    }


def _curve(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the page needs of one spec over one swept key."""
    points = [
        {
            **{key: row[key] for key in ("spec", "value", "edges", "train_size")},
            **row["mean"],
            "costs": {"flops_per_crystal": row["flops_per_crystal"]},
        }
        for row in rows
    ]
    use = rows[0].get("graph.edges.use")
    fixed = {} if use is None else {"graph.edges.use": use}
    return {**{k: rows[0][k] for k in ("of", "key")}, "fixed": fixed, "points": points}


def page() -> str:
    """Return the page."""
    found = json.loads(CONNECTIVITY.read_text("utf-8"))
    return TEXT.format(
        unscaled=unscaled(),
        depth=walk("depth"),
        architecture=walk("architecture"),
        crystals=found["crystals"],
        epochs=found["epochs"],
        connectivity="\n\n".join(_tables(found)),
    )


def walk(name: str) -> str:
    """Return what `ngn explain` said, its headings one level down."""
    text = (RESULTS / "explain" / name / "explanation.md").read_text("utf-8")
    lines = [f"#{line}" if line.startswith("#") else line for line in text.split("\n")]
    return "\n".join(lines).strip()


def unscaled() -> str:
    """Return the errors of the first walk where sums are not divided."""
    file = RESULTS / "explain" / "depth" / "unscaled.json"
    found = json.loads(file.read_text("utf-8"))
    lines = [f"| hybrid | {found['metric']} [{found['unit']}] |", "| --- | ---: |"]
    for hybrid in found["hybrids"]:
        errors = hybrid["by_seed"]
        told = format_spread(fmean(errors), pstdev(errors))
        lines.append(f"| {hybrid['spec']} | {told} |")
    return "\n".join(lines)


def _tables(found: dict[str, Any]) -> list[str]:
    """Return a table for each spec and kind of graph."""
    told = []
    for curve in sorted(found["curves"], key=lambda curve: str(curve["of"]).lower()):
        kind = curve["fixed"].get("graph.edges.use", "")
        key = curve["key"].rpartition(".")[2]
        unit = f"{found['title']} [{found['unit']}]"
        lines = [
            f"{curve['of']}, {kind}:",
            "",
            f"| {key} | edges a crystal | {unit} | MFLOPs a crystal |",
            "| ---: | ---: | ---: | ---: |",
        ]
        lines += [
            f"| {point['value']:g} | {point['edges']:.1f} "
            f"| {format_spread(point['mean'], point['std'])} "
            f"| {point['costs']['flops_per_crystal'] / 1e6:.1f} |"
            for point in curve["points"]
        ]
        told.append("\n".join(lines))
    return told


if __name__ == "__main__":
    main()
