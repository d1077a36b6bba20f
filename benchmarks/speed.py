"""How fast each network trains and predicts, beside its peers' own packages.

Every side is a process of its own: our graphs under `orbits`, our graphs under `none`
on the same cell, and the peer in a virtual environment of its own, made here by pip.
All get the same crystals, a sample of the set, in the same batches, and the same number
of threads. One pass of each side after the other is an alternation, and who begins
takes turns; told are medians over the alternations. A step is: put the batch together,
predict, differentiate, update. What is measured is written after every alternation, and
a run goes on where it was left.

    python benchmarks/speed.py --networks cogn congn --sets matbench_phonons
    python benchmarks/speed.py --table
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from graphs_peer import STACKS
from peers.environments import Checkout, make_environment
from speed_table import table

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.errors import StructureError
from ngn_core.experiment.environment import environment
from ngn_core.graph.build import GraphBuilder
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.load import load_specs

HERE = Path(__file__).parent
TORCH = "torch==2.13.0"
MODES = ("train", "infer", "assemble")


@dataclass(frozen=True)
class Peer:
    """A package that has a network.

    Attributes:
        folder: of its environment.
        pins: what it stands on.
        script: in `peers/`, its side.
        fed: whether it is given our edges.
        built: what else it stands on, and is compiled.
        checkout: its code, where no registry has it.
    """

    folder: str
    pins: Sequence[str]
    script: str
    fed: bool = False
    built: Sequence[str] = ()
    checkout: Checkout | None = None


KGCNN = Peer("of-its-time", STACKS["of its time"], "kgcnn_speed.py")
MATGL = Peer("matgl", (TORCH, "matgl==4.1.2"), "matgl_speed.py")
ALIGNN = Peer("alignn", (TORCH, "alignn==2026.8.11"), "alignn_speed.py", fed=True)
PYG = Peer(
    "pyg",
    (TORCH, "torch-geometric==2.8.1", "scipy==1.17.1", "sympy", "numpy==2.4.6"),
    "pyg_speed.py",
    fed=True,
)

CGCNN = Peer(
    "cgcnn",
    (TORCH, "numpy==2.4.6", "pymatgen==2026.10.24"),
    "cgcnn_speed.py",
    fed=True,
    checkout=Checkout(
        "https://github.com/txie-93/cgcnn", "f42ab233c4ee0c416879d6bc2d22a264418413ad"
    ),
)
MATFORMER = Peer(
    "matformer",
    (
        TORCH,
        "torch-geometric==2.8.1",
        "pydantic==1.10.24",
        "scipy==1.13.1",
        "numpy==1.26.4",
        "matplotlib==3.9.4",
        "sympy==1.13.3",
    ),
    "matformer_speed.py",
    fed=True,
    built=("torch-scatter==2.1.2",),
    checkout=Checkout(
        "https://github.com/YKQ98/Matformer", "9fd30550829b313ff6a1bf819ebe6bcaaeb72b52"
    ),
)

NETWORKS: Mapping[str, Peer | None] = {
    "cogn": KGCNN,
    "alignn": ALIGNN,
    "dimenetpp": PYG,
    "schnet": PYG,
    "megnet": MATGL,
    "m3gnet": MATGL,
    "congn": KGCNN,
    "cgcnn": CGCNN,
    "matformer": MATFORMER,
    "painn": None,
}
"""By spec; None where its authors' code cannot be set up."""

ONLY_NONE = ("painn",)
"""Networks that use directions: they have no quotient."""

SETS = ("matbench_phonons", "matbench_perovskites", "matbench_mp_subset")


class Worker:
    """A side's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Wait until its graphs and its network are there."""
        self.process = process
        self.facts: dict[str, Any] = self._answer()

    def measure(self, mode: str) -> dict[str, Any]:
        """Return the seconds and the memory of a pass."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{mode}\n")
        self.process.stdin.flush()
        found: dict[str, Any] = self._answer()
        return found

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise ChildProcessError(f"ended with status {self.process.wait()}")
        return json.loads(line)


@contextmanager
def worker(
    python: Path,
    script: str,
    crystals: Path,
    log: Path,
    options: Mapping[str, Any],
    code: Path | None = None,
) -> Iterator[Worker]:
    """Start a side and end it; what it says goes to `log`, `code` is what it runs."""
    given = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = [str(python), str(HERE / "peers" / script), str(crystals)]
    there = {"OMP_NUM_THREADS": str(options["threads"])}
    if code is not None:
        there["PYTHONPATH"] = str(code)
    with (
        log.open("a", encoding="utf-8") as errors,
        subprocess.Popen(
            [*command, *map(str, given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **there},
        ) as process,
    ):
        try:
            yield Worker(process)
        finally:
            process.kill()


def chosen(
    folder: Path, network: str, registry: Registry, count: int
) -> tuple[list[Crystal], int]:
    """Return so many crystals of a set that have graphs, and the size of the set."""
    every = open_dataset(str(folder), registry)
    sample = select(every, None, limit=count + count // 4).crystals
    builders = [builder(network, symmetry, registry) for symmetry in sides_of(network)]
    kept: list[Crystal] = []
    for crystal in sample:
        try:
            for build in builders:
                build(crystal)
        except StructureError:
            continue
        kept.append(crystal)
        if len(kept) == count:
            break
    return kept, len(every.rows)


def sides_of(network: str) -> tuple[str, ...]:
    """Return our settings of symmetry that are measured."""
    return ("none",) if network in ONLY_NONE else ("orbits", "none")


def builder(network: str, symmetry: str, registry: Registry) -> GraphBuilder:
    (spec,) = load_specs([network], registry, [f"graph.symmetry={symmetry}"])
    return recipe_of(spec, registry).builder()


def plain(crystal: Crystal) -> dict[str, Any]:
    return {
        "lattice": crystal.lattice.tolist(),
        "numbers": crystal.numbers.tolist(),
        "frac": crystal.frac.tolist(),
    }


def fed(crystal: Crystal, build: GraphBuilder) -> dict[str, Any]:
    """Return the atoms and edges of the cell that we train on without symmetry."""
    node, edge, *_ = build(crystal).levels
    assert edge.index is not None
    return {
        "numbers": node.columns["atomic_number"].tolist(),
        "edge_index": edge.index.tolist(),
        "edge_vector": edge.columns["vector"].tolist(),
    }


def write(lines: Sequence[dict[str, Any]], path: Path) -> None:
    with gzip.open(path, "wt") as file:
        for line in lines:
            print(json.dumps(line), file=file)


class Results:
    """What was measured, on disk after every change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: dict[str, Any] = {}
        if path.exists():
            self.found = json.loads(path.read_text(encoding="utf-8"))

    def run(self, network: str, dataset: str, setting: dict[str, Any]) -> Any:
        """Return the run of a network on a set, begun anew where settings changed."""
        runs = self.found.setdefault("runs", {})
        run = runs.get(f"{dataset} {network}")
        if run is None or run["setting"] != setting:
            run = {"setting": setting, "sides": {}, "alternations": [], "failed": {}}
            runs[f"{dataset} {network}"] = run
        return run

    def save(self) -> None:
        """Write everything, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.found, indent=1) + "\n")
        part.replace(self.path)


def measure(
    network: str,
    folder: Path,
    registry: Registry,
    results: Results,
    asked: argparse.Namespace,
) -> None:
    """Measure every side of a network on a set, until there are enough alternations."""
    crystals, size = chosen(folder, network, registry, asked.batches * asked.batch)
    lines = [plain(crystal) for crystal in crystals]
    content = hashlib.sha256(json.dumps(lines).encode()).hexdigest()
    setting = {
        "batch": asked.batch,
        "crystals": len(crystals),
        "set_size": size,
        "content": content[:16],
        "environment": environment(torch.device("cpu")) | {"threads": asked.threads},
    }
    run = results.run(network, folder.name, setting)
    if len(run["alternations"]) >= asked.rounds:
        return
    print(f"{folder.name} {network}", flush=True)
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        path = Path(temporary) / "crystals.jsonl.gz"
        write(lines, path)
        options = {
            "network": network,
            "threads": asked.threads,
            "batch": asked.batch,
        }
        workers: dict[str, Worker] = {}
        ours = Path(sys.executable)

        def start(
            name: str,
            python: Path,
            script: str,
            path: Path,
            code: Path | None = None,
            **more: str,
        ) -> None:
            log = asked.out.with_suffix(f".{folder.name}.{network}.{name}.log")
            try:
                workers[name] = stack.enter_context(
                    worker(python, script, path, log, {**options, **more}, code)
                )
            except ChildProcessError as error:
                run["failed"][name] = f"{error}: {last_line(log)}"
                print(f"  {name} {run['failed'][name]}", flush=True)
                return
            log.unlink(missing_ok=True)
            run["failed"].pop(name, None)
            run["sides"][name] = workers[name].facts

        for symmetry in sides_of(network):
            start(symmetry, ours, "ngn_speed.py", path, symmetry=symmetry)
        peer = NETWORKS[network]
        if peer is None:
            run["failed"]["peer"] = "the registry has no package of its authors"
        elif (place := set_up(peer, asked.venv, run)) is not None:
            given, (python, code) = path, place
            if peer.fed:
                given = Path(temporary) / "edges.jsonl.gz"
                build = with_vectors(builder(network, "none", registry))
                write([fed(crystal, build) for crystal in crystals], given)
            start("peer", python, peer.script, given, code)
            if peer.checkout is not None and "peer" in workers:
                workers["peer"].facts["code"] = str(peer.checkout)
        alternate(run, workers, results, asked.rounds)


def set_up(
    peer: Peer, folder: Path, run: dict[str, Any]
) -> tuple[Path, Path | None] | None:
    """Return the Python and the code of a peer; None, and why, where it cannot be."""
    try:
        python = make_environment(folder / peer.folder, peer.pins, peer.built)
        if peer.checkout is None:
            return python, None
        return python, peer.checkout.make(folder / f"{peer.folder}-code")
    except subprocess.CalledProcessError as error:
        run["failed"]["peer"] = f"it could not be set up: {error}"
        return None


def with_vectors(build: GraphBuilder) -> GraphBuilder:
    """Return the builder of the same edges, with what a peer is fed."""
    columns = {"node": frozenset({"atomic_number"}), "edge": frozenset({"vector"})}
    return GraphBuilder(build.options, build.constructor, columns)


def last_line(log: Path) -> str:
    """Return the last thing that a process said."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def alternate(
    run: dict[str, Any], workers: Mapping[str, Worker], results: Results, rounds: int
) -> None:
    """Let the sides take turns."""
    while len(run["alternations"]) < rounds:
        names = list(workers)
        if len(run["alternations"]) % 2:
            names.reverse()
        load = os.getloadavg()[0]
        found = {
            name: {mode: workers[name].measure(mode) for mode in MODES}
            for name in names
        }
        when = datetime.now(UTC).isoformat(timespec="seconds")
        run["alternations"].append({"when": when, "load": load, "sides": found})
        results.save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    root = HERE.parent
    shared = root.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared, help="folder of the sets")
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=[*NETWORKS])
    parser.add_argument("--batch", type=int, default=64, help="crystals of a batch")
    parser.add_argument("--batches", type=int, default=2, help="batches of a pass")
    parser.add_argument("--rounds", type=int, default=5, help="alternations")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--venv",
        type=Path,
        default=root / ".venv-peers",
        help="folder of the peers' environments, made where missing, 1 to 3 GB each",
    )
    parser.add_argument("--out", type=Path, default=HERE / "results" / "speed.json")
    parser.add_argument(
        "--table", action="store_true", help="print it, measure nothing"
    )
    asked = parser.parse_args()
    results = Results(asked.out)
    if not asked.table:
        registry = collect(plugin_manager([]))
        for dataset in asked.sets:
            for network in asked.networks:
                measure(network, asked.data / dataset, registry, results, asked)
    print(table(results.found))


if __name__ == "__main__":
    main()
