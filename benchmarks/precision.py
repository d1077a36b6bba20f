"""Measure what rounded matrix products save in a training step, in alternation.

python benchmarks/precision.py ../shared/data/matbench_phonons --spec cogn ngn
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any, get_args

import torch

from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.experiment.environment import environment
from ngn_core.experiment.prepare import prepare
from ngn_core.experiment.reporter import Reporter
from ngn_core.network.build import build_network
from ngn_core.packed.packed import PackedGraphs
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Precision, Spec
from ngn_core.training.precision import products_in

BATCH = 64
WARM_UP = 3


class Silent(Reporter):
    """Watches nothing."""


def main() -> None:
    """Print the medians, and write them beside the environment."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("dataset")
    parser.add_argument("--spec", nargs="+", required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    registry = collect(plugin_manager([]))
    specs = load_specs(asked.spec, registry)
    table = open_dataset(asked.dataset, registry)
    crystals = select(table, None, limit=BATCH)
    prepared = prepare(specs, crystals, registry, None, "error", Silent())
    rows = {
        spec.name: medians(spec, prepared.graphs[spec.name], asked.rounds)
        for spec in specs
    }
    print(json.dumps(rows, indent=1))
    if asked.out is not None:
        found = {
            "milliseconds_a_step": rows,
            "environment": environment(torch.device("cpu")),
        }
        asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def medians(spec: Spec, graphs: PackedGraphs, rounds: int) -> dict[str, float]:
    """Return the processor's milliseconds of a training step in each precision."""
    torch.manual_seed(0)
    network = build_network(spec)
    graphs = graphs.to(torch.device("cpu"), torch.float32)
    optimizer = (
        spec.train["regression"].optimizer.build().optimizer(network.parameters())
    )
    numbers = torch.arange(BATCH)

    def step() -> None:
        optimizer.zero_grad()
        network(graphs.batch(numbers)).abs().mean().backward()
        optimizer.step()

    seen: dict[Any, list[float]] = {name: [] for name in get_args(Precision)}
    for number in range(WARM_UP + rounds):
        for name, times in seen.items():
            with products_in(name):
                start = time.process_time()
                step()
                if number >= WARM_UP:
                    times.append(time.process_time() - start)
    return {
        name: round(1e3 * statistics.median(times), 1) for name, times in seen.items()
    }


if __name__ == "__main__":
    main()
