"""The peer of `benchmarks/graphs_peer.py`: how long kgcnn takes to build a graph.

Runs inside an environment of its own that has kgcnn and TensorFlow, and not ngn. It
reads crystals, imports, makes sure that symmetry is found at all (kgcnn takes a crystal
as P1 without a word where any exception occurs), says that it is ready, and then waits:
for every line `first stop` on its input it builds the graphs of these crystals and
answers with one line of JSON, seconds and counts. Timed is
`KNNAsymmetricUnitCell(24)(structure)` alone: neither imports nor the making of
pymatgen's structure, and nothing that would turn its networkx graph into tensors.

    python benchmarks/peers/kgcnn_graphs.py crystals.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
from kgcnn.crystal.preprocessor import KNNAsymmetricUnitCell
from pymatgen.core import Lattice, Structure

NEIGHBORS = 24
WARM_UP = 5
PACKAGES = (
    "kgcnn",
    "tensorflow",
    "keras",
    "pyxtal",
    "pymatgen",
    "spglib",
    "numpy",
    "scipy",
    "pandas",
    "networkx",
)


def read(path: Path) -> list[Structure]:
    """Return the crystals of a file: lattice, numbers and frac on each line."""
    with gzip.open(path, "rt") as lines:
        return [made(**json.loads(line)) for line in lines]


def made(
    lattice: Sequence[Sequence[float]],
    numbers: Sequence[int],
    frac: Sequence[Sequence[float]],
) -> Structure:
    """Return a crystal."""
    return Structure(Lattice(np.array(lattice)), list(numbers), np.array(frac))


def check_symmetry(build: Callable[[Structure], Any]) -> None:
    """Raise where rock salt, 8 atoms in its cubic cell, does not become 2 nodes."""
    na = [[0.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]
    cl = [[0.5, 0.5, 0.5], [0.5, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.5]]
    lattice = (5.64 * np.eye(3)).tolist()
    graph = build(made(lattice, [11] * 4 + [17] * 4, na + cl))
    if int(graph.spacegroup) != 225 or graph.number_of_nodes() != 2:
        raise RuntimeError(
            f"rock salt became {graph.number_of_nodes()} nodes in space group "
            f"{graph.spacegroup}, expected 2 in 225: symmetry fails silently with "
            "these versions"
        )


def measured(build: Callable[[Structure], Any], structure: Structure) -> dict[str, Any]:
    """Return the seconds that a crystal took and what it became."""
    start = time.perf_counter()
    graph = build(structure)
    seconds = time.perf_counter() - start
    counted = [int(data["multiplicity"]) for _, data in graph.nodes(data=True)]
    return {
        "seconds": seconds,
        "nodes": graph.number_of_nodes(),
        "edges": graph.number_of_edges(),
        "cell_atoms": sum(counted),
        "space_group": int(graph.spacegroup),
    }


def serve(structures: Sequence[Structure], asked: TextIO, answers: TextIO) -> None:
    """Answer every request until there are no more."""
    build = KNNAsymmetricUnitCell(NEIGHBORS)
    check_symmetry(build)
    for structure in structures[:WARM_UP]:
        build(structure)
    packages = {name: metadata.version(name) for name in PACKAGES}
    python = sys.version.partition(" ")[0]
    print(json.dumps({"python": python, "packages": packages}), file=answers)
    answers.flush()
    for line in asked:
        first, stop = map(int, line.split())
        found = [measured(build, structure) for structure in structures[first:stop]]
        print(json.dumps(found), file=answers)
        answers.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("crystals", type=Path, help="a jsonl.gz")
    asked = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    serve(read(asked.crystals), sys.stdin, answers)


if __name__ == "__main__":
    main()
