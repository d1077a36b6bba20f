"""Whether coGN learns the same from crystals, asymmetric units and orbits, and faster.

The first claim of Ruff et al. 2024. On the official fold 0 of three datasets, coGN is
trained under `symmetry: none`, `asymmetric` and `orbits` with three seeds each. Printed
and written as JSON: the error with the spread of the seeds, seconds an epoch, nodes and
edges a crystal.

    python benchmarks/symmetry_training.py ../shared/data --epochs 30 --runs runs

Trials that are in `--runs` are not computed again.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

from ngn_core.cli.compare import main as ngn_compare
from ngn_core.experiment.result import Result, read_result
from ngn_core.experiment.store import result_folders

SETTINGS = ("none", "asymmetric", "orbits")
SEEDS = 3
RESULTS = Path(__file__).parent / "results" / "symmetry_training.json"


@dataclass(frozen=True)
class Task:
    """A folder of `../shared/data`, flags for its target, and one row in how many."""

    folder: str
    flags: tuple[str, ...]
    every: int = 1


TASKS = (
    Task("matbench_jdft2d", ("--target=exfoliation_en", "--per=atom")),
    Task("matbench_phonons", ("--target=last_phdos_peak", "--per=none")),
    Task("matbench_perovskites", ("--target=e_form", "--per=cell"), every=18),
)


def train(data: Path, task: Task, epochs: int, runs: Path) -> dict[str, list[Result]]:
    """Return the results of each setting, one a seed."""
    folder = runs / task.folder
    folder.mkdir(parents=True, exist_ok=True)
    rows = sample(data / task.folder, task.every)
    dataset = folder / task.folder
    dataset.mkdir(exist_ok=True)
    with gzip.open(dataset / "data.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    folds = folder / "folds.json"
    folds.write_text(json.dumps(first_fold(rows)))
    flags = [f"--dataset={dataset}", *task.flags, f"--split={folds}"]
    flags += [f"--seeds={SEEDS}", f"--epochs={epochs}", "--jobs=1"]
    found = {}
    for setting in SETTINGS:
        out = folder / setting
        ngn_compare(["cogn", *flags, f"--set=graph.symmetry={setting}", f"--out={out}"])
        found[setting] = [read_result(trial) for trial in result_folders(out)]
    return found


def sample(folder: Path, every: int) -> list[dict[str, Any]]:
    """Return one row in `every`, of those that are surely the task's."""
    with gzip.open(folder / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if row.get("match") != "ambiguous"][::every]


def first_fold(rows: Sequence[dict[str, Any]]) -> list[dict[str, list[str]]]:
    """Return the official fold 0."""
    parts: dict[str, list[str]] = {"train": [], "test": []}
    for row in rows:
        parts["test" if row["fold"] == 0 else "train"].append(row["id"])
    return [parts]


def summary(results: list[Result]) -> dict[str, Any]:
    """Return what a setting's trials gave."""
    errors = [result.scores[0].value for result in results]
    seconds = [row["seconds"] for result in results for row in result.curve]
    return {
        "metric": f"{results[0].scores[0].title} [{results[0].unit}]",
        "mean": fmean(errors),
        "std_over_seeds": stdev(errors),
        "errors": errors,
        "median_seconds_an_epoch": median(seconds),
        "train_size": results[0].train_size,
        "epochs": results[0].epochs,
        "nodes": results[0].graph["node"],
        "edges": results[0].graph["edge"],
        "environment": dict(results[0].environment),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the datasets")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    written: dict[str, Any] = {}
    for task in TASKS:
        found = train(asked.data, task, asked.epochs, asked.runs)
        written[task.folder] = {name: summary(own) for name, own in found.items()}
        for name, row in written[task.folder].items():
            print(
                f"{task.folder} {name}: {row['metric']} {row['mean']:.4g} ± "
                f"{row['std_over_seeds']:.2g}, {row['median_seconds_an_epoch']:.2f} s "
                f"an epoch, {row['nodes']:.1f} nodes, {row['edges']:.1f} edges"
            )
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
