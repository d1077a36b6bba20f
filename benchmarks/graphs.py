"""What it costs to build a graph, and by how much symmetry makes it smaller.

Every crystal of the sets meets every step once a round, in alternation, in one
process; its time is the best of the rounds, and a set's time the median over its
crystals. A step is measured against a bar: milliseconds, or a multiple of another
step's time. The reduction table says how many nodes, edges and angles a crystal has on
its primitive cell under `symmetry: none`, `asymmetric` and `orbits`.

    python benchmarks/graphs.py --limit 1000
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.symmetry import find_space_group
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.errors import StructureError
from ngn_core.experiment.environment import environment
from ngn_core.graph.build import GraphBuilder
from ngn_core.graph.graph_constructor import GraphConstructor
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.graph import GraphOptions

SETS = (
    "matbench_phonons",
    "matbench_perovskites",
    "matbench_mp_subset",
    "matbench_log_kgvrh",
)
SETTINGS = ("none", "asymmetric", "orbits")
COLUMNS = {
    "node": frozenset({"atomic_number"}),
    "edge": frozenset({"length"}),
    "angle": frozenset({"angle"}),
}
RADIUS = 5.0


@dataclass(frozen=True)
class Bar:
    """The most that a step may take.

    Attributes:
        most: milliseconds, or a multiple of the time of the step `of`.
        of: name of that step.
        only: the set it is for; None: each set.
    """

    most: float
    of: str | None = None
    only: str | None = None


@dataclass(frozen=True)
class Step:
    """Something that is timed.

    Attributes:
        name: printed.
        prepare: returns, for a crystal, what is timed.
        bar: the most that it may take.
    """

    name: str
    prepare: Callable[[Crystal], Callable[[], object]]
    bar: Bar | None = None


def steps(registry: Registry) -> list[Step]:
    """Return what is timed; a peer is one more entry."""
    knn12 = constructor(registry, "knn", neighbors=12)
    knn24 = constructor(registry, "knn", neighbors=24)
    voronoi = constructor(registry, "voronoi")
    in_spheres = "find_points_in_spheres, 5 Å"
    of_neighbors = "find_points_in_spheres, to the 24th"
    phonons = "matbench_phonons"

    def call(run: Callable[..., object], *args: Any) -> Callable[[Crystal], Any]:
        return lambda crystal: partial(run, crystal, *args)

    return [
        Step(in_spheres, lambda crystal: search(crystal, RADIUS)),
        Step(
            "radius 5 Å: edges and lengths",
            call(neighbors_within, RADIUS),
            Bar(1.5, of=in_spheres),
        ),
        Step(of_neighbors, lambda crystal: search(crystal, longest(knn24, crystal))),
        Step("kNN-24 with tie shells", call(knn24.edges), Bar(2.0, of=of_neighbors)),
        Step("Voronoi with facet areas", call(voronoi.edges), Bar(2.0, only=phonons)),
        Step("space group, spglib", call(find_space_group, 1e-3, -1.0, "spglib")),
        Step("space group, moyopy", call(find_space_group, 1e-3, -1.0, "moyopy")),
        Step(
            "asymmetric, kNN-24",
            call(builder(knn24, symmetry="asymmetric")),
            Bar(2.0, only=phonons),
        ),
        Step("orbits, kNN-24", call(builder(knn24)), Bar(2.0, only=phonons)),
        Step(
            "orbits, kNN-12 with angles",
            call(builder(knn12, angles=True)),
            Bar(4.0, only=phonons),
        ),
        Step("orbits, Voronoi", call(builder(voronoi))),
    ]


def constructor(registry: Registry, name: str, **options: Any) -> GraphConstructor:
    """Return a graph constructor."""
    entry = registry.get("graph constructor", name)
    assert entry is not None
    drawn: Any = entry.component
    made: GraphConstructor = drawn(drawn.Options(**options))
    return made


def builder(
    edges: GraphConstructor, symmetry: str = "orbits", angles: bool = False
) -> GraphBuilder:
    """Return what builds graphs with lengths, and with angles where they are asked."""
    options = GraphOptions.model_validate(
        {"symmetry": symmetry, "nest": [{"use": "receiver"}] if angles else []}
    )
    levels = ("node", "edge", "angle")[: 2 + angles]
    return GraphBuilder(options, edges, {level: COLUMNS[level] for level in levels})


def search(crystal: Crystal, radius: float) -> Callable[[], object]:
    """Return pymatgen's neighbor search alone, its arrays prepared."""
    from pymatgen.optimization.neighbors import find_points_in_spheres

    lattice = np.ascontiguousarray(crystal.lattice)
    points = (crystal.frac - np.floor(crystal.frac)) @ lattice
    periodic = np.ones(3, dtype=np.int64)
    return partial(find_points_in_spheres, points, points, radius, periodic, lattice)


def longest(edges: GraphConstructor, crystal: Crystal) -> float:
    """Return the length of the longest edge, Å."""
    drawn = edges.edges(crystal)
    vectors = crystal.vectors(drawn.sender, drawn.receiver, drawn.cell_shift)
    return float(np.linalg.norm(vectors, axis=1).max())


def timed(crystals: Iterable[Crystal], asked: Sequence[Step], rounds: int) -> Any:
    """Return milliseconds by step, and how many crystals were refused."""
    seconds: dict[str, list[float]] = {step.name: [] for step in asked}
    refused = 0
    for crystal in crystals:
        try:
            runs = {step.name: step.prepare(crystal) for step in asked}
            best = dict.fromkeys(runs, float("inf"))
            for _ in range(rounds):
                for name, run in runs.items():
                    run()  # the step before left the caches with its own data
                    start = time.perf_counter()
                    run()
                    best[name] = min(best[name], time.perf_counter() - start)
        except StructureError:
            refused += 1
            continue
        for name, spent in best.items():
            seconds[name].append(spent)
    return {
        name: {"median_ms": 1e3 * median(spent), "mean_ms": 1e3 * fmean(spent)}
        for name, spent in seconds.items()
    }, refused


def judged(times: dict[str, dict[str, dict[str, float]]], asked: Sequence[Step]) -> Any:
    """Return what became of every bar."""
    verdicts = []
    for dataset, found in times.items():
        for step in asked:
            bar = step.bar
            if bar is None or bar.only not in (None, dataset):
                continue
            measured = found[step.name]["median_ms"]
            if bar.of is not None:
                measured /= found[bar.of]["median_ms"]
            verdicts.append(
                {
                    "step": step.name,
                    "dataset": dataset,
                    "measured": measured,
                    "bar": bar.most,
                    "unit": "ms" if bar.of is None else f"x {bar.of}",
                    "holds": measured <= bar.most,
                }
            )
    return verdicts


def reduced(crystals: Iterable[Crystal], registry: Registry) -> dict[str, Any]:
    """Return nodes, edges and angles a crystal under each setting."""
    knn12 = constructor(registry, "knn", neighbors=12)
    knn24 = constructor(registry, "knn", neighbors=24)
    sizes: dict[str, list[tuple[int, int, int]]] = {name: [] for name in SETTINGS}
    for crystal in crystals:
        try:
            for setting in SETTINGS:
                graph = builder(knn24, setting)(crystal)
                angle = builder(knn12, setting, angles=True)(crystal).levels[2]
                nodes, edges = (len(level) for level in graph.levels)
                sizes[setting].append((nodes, edges, len(angle)))
        except StructureError:
            continue
    return {
        setting: dict(
            zip(
                ("nodes", "edges_knn24", "angles_knn12"),
                map(fmean, zip(*found, strict=True)),
                strict=True,
            )
        )
        for setting, found in sizes.items()
    }


def show(result: dict[str, Any]) -> None:
    for dataset, found in result["sets"].items():
        print(f"\n{dataset}, {found['crystals']} crystals, median (mean) ms a crystal")
        for name, times in found["steps"].items():
            print(f"  {name:38} {times['median_ms']:8.3f} ({times['mean_ms']:.3f})")
        for setting, sizes in found["sizes"].items():
            counts = "  ".join(f"{name} {mean:8.2f}" for name, mean in sizes.items())
            print(f"  {setting:12} {counts}")
    print()
    for bar in result["bars"]:
        verdict = "holds" if bar["holds"] else "MISSED"
        print(
            f"  {bar['step']:38} {bar['dataset']:22} {bar['measured']:6.2f} "
            f"(bar {bar['bar']:g} {bar['unit']}): {verdict}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    results = Path(__file__).parent / "results"
    shared = Path(__file__).parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared, help="folder of the sets")
    parser.add_argument("--sets", nargs="+", default=SETS, help="folders in it")
    parser.add_argument("--limit", type=int, help="at most so many crystals a set")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=results / "graphs.json")
    asked = parser.parse_args()
    registry = collect(plugin_manager())
    measured = steps(registry)
    sets: dict[str, Any] = {}
    for name in asked.sets:
        table = open_dataset(str(asked.data / name), registry)
        crystals = select(table, None, limit=asked.limit).crystals
        timed(crystals[:5], measured, 1)  # imports, and pages of libraries
        spent, refused = timed(crystals, measured, asked.rounds)
        sets[name] = {
            "crystals": len(crystals) - refused,
            "refused": refused,
            "steps": spent,
            "sizes": reduced(crystals, registry),
        }
    result = {
        "sets": sets,
        "bars": judged(
            {name: found["steps"] for name, found in sets.items()}, measured
        ),
        "rounds": asked.rounds,
        "environment": environment(torch.device("cpu")),
    }
    show(result)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
