"""Measure whether building graphs slows down, or needs more memory, with the dataset.

The shared sets are repeated with a seeded isotropic strain (within 2 %, so that
symmetry stays and no two crystals are equal) to 10,000 and then 100,000 structures,
whose graphs are built into an empty cache by `--jobs` processes: crystals a second, and
the peak resident memory of the parent.

    python benchmarks/graphs_many.py ../shared/data --jobs 2
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.experiment.environment import environment
from ngn_core.packed.graphs import fill_cache
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.load import load_specs

SETS = (
    "matbench_phonons",
    "matbench_perovskites",
    "matbench_mp_subset",
    "matbench_log_kgvrh",
)
RESULT = Path(__file__).parent / "results" / "graphs_many.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the sets")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    asked = parser.parse_args()
    registry = collect(plugin_manager())
    crystals = shared_crystals(asked.data, registry)
    recipe = recipe_of(load_specs(["cogn"], registry)[0], registry)
    rows = []
    for size in asked.sizes:
        some = list(strained(crystals, size))
        ids = [f"{place}" for place in range(size)]
        with TemporaryDirectory() as folder:
            start = time.perf_counter()
            fill_cache(ids, some, recipe, Path(folder), lambda done: None, asked.jobs)
            seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        rows.append(
            {
                "structures": size,
                "seconds": seconds,
                "structures_per_second": size / seconds,
                "peak_resident_memory_of_the_parent_mib": peak,
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    found = environment(torch.device("cpu"))
    result = {"spec": "cogn", "jobs": asked.jobs, "rows": rows, "environment": found}
    RESULT.write_text(json.dumps(result, indent=1) + "\n")


def shared_crystals(data: Path, registry: Registry) -> list[Crystal]:
    """Return the crystals of all sets, shuffled by a seed."""
    crystals: list[Crystal] = []
    for name in SETS:
        table = open_dataset(str(data / name), registry)
        crystals += select(table, None, on_bad_structure="skip").crystals
    order = np.random.default_rng(0).permutation(len(crystals))
    return [crystals[place] for place in order]


def strained(crystals: list[Crystal], size: int) -> Iterator[Crystal]:
    """Yield so many crystals, each scaled by its own factor within 2 %."""
    factors = np.random.default_rng(1).uniform(0.98, 1.02, size)
    for place, factor in enumerate(factors):
        crystal = crystals[place % len(crystals)]
        yield replace(crystal, lattice=crystal.lattice * factor)


if __name__ == "__main__":
    main()
