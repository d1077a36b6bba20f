"""Run the trials of the search for `specs/ngn.yaml` that have no error yet.

Samples are of other tasks than matbench_jdft2d and matbench_phonons, and as small as
those: training rows from the official folds 1 to 4, test rows from fold 0.

    python benchmarks/own_spec/search.py ../shared/data \
        --file benchmarks/results/own_spec_search.json
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.experiment.pooling import with_pooling
from ngn_core.experiment.prepare import prepare
from ngn_core.experiment.watch import Watch
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.load import resolve_spec
from ngn_core.training.trial import train_trial

PROTOTYPES = Path(__file__).with_name("prototypes.py")


class Silent(Watch):
    """Watches nothing."""


def main() -> None:
    """Run what is missing, one trial after the other."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--file", type=Path, required=True)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    registry = collect(plugin_manager([PROTOTYPES]))
    found = json.loads(asked.file.read_text(encoding="utf-8"))
    for trial in found["trials"]:
        if "error" not in trial:
            sample = found["samples"][trial["sample"]]
            trial["error"] = error(trial, sample, asked.data, registry)
            print(trial["name"], trial["error"], flush=True)
            asked.file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def error(
    trial: dict[str, Any], sample: dict[str, Any], data: Path, registry: Registry
) -> float:
    """Return the mean absolute error on the sample's test rows."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_sample(sample, data, folder)
        crystals = select(open_dataset(name, registry), sample["target"])
        spec = resolve_spec({"name": "tried", **trial["spec"]}, registry, "search")
        (spec,) = with_pooling([spec], crystals, registry)
        prepared = prepare([spec], crystals, registry, None, "skip", Silent())
        assert prepared.crystals.fold is not None
        fold = torch.from_numpy(prepared.crystals.fold)
        train, test = (fold == 1).nonzero()[:, 0], (fold == 0).nonzero()[:, 0]
        given = prepared.trial_data(spec.name, train, train[:0], test)
        cpu = torch.device("cpu")
        outcome = train_trial(
            spec, given, trial["seed"], cpu, folder, lambda done: None
        )
        apart = outcome.predictions - given.targets[test]
        return apart.abs().mean().item()


def write_sample(sample: dict[str, Any], data: Path, folder: Path) -> None:
    """Write the rows of a sample, the training rows as fold 1."""
    file = data / sample["dataset"] / "data.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [
        row
        for row in rows
        if row.get("tier", "A") == "A" and len(row["species"]) <= sample["sites"]
    ]
    random = np.random.default_rng(sample["seed"])
    kept = []
    for fold, test in ((0, True), (1, False)):
        part = [row for row in rows if (row["fold"] == 0) == test]
        count = sample["test" if test else "train"]
        chosen = random.permutation(len(part))[:count]
        kept += [{**part[place], "fold": fold} for place in chosen]
    with gzip.open(folder / "data.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in kept)
    target = {sample["target"]: {"unit": sample["unit"], "per": "none", "fold": "fold"}}
    text = json.dumps({"targets": target})
    (folder / "dataset.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
