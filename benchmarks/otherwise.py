"""Whether training would be faster otherwise: compiled, or several trials at once.

Three ways are measured in alternation with the way that is taken: the network compiled
by torch; two trials at once with half of the threads each, as `--executor local` runs
them; five trials as one, their weights stacked and their steps mapped by `torch.func`.
The last is its best case: all five take the same crystals, so that nothing is padded.

    python benchmarks/otherwise.py --networks cogn congn schnet
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import torch
from speed import HERE, chosen, plain, worker, write
from torch import Tensor
from torch.func import functional_call, grad, stack_module_state, vmap

from ngn_core.experiment.environment import environment
from ngn_core.network.build import build_network
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.training.module import fuse

sys.path.insert(0, str(HERE / "peers"))
from ngn_speed import Made, NgnSide, made

BATCH = 64
TRIALS = 5


def timed(action: Callable[[], object]) -> float:
    """Return its seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compiled(found: Made, rounds: int) -> dict[str, float]:
    """Return the seconds of a step, of a compiled one, and of the first of those."""
    here, there = NgnSide(found, BATCH), NgnSide(found, BATCH)
    there.network.compile(dynamic=True)
    first = timed(lambda: there.train(0))
    seconds: dict[str, list[float]] = {"step": [], "compiled": []}
    for round_ in range(rounds + 1):
        for name, side in (("step", here), ("compiled", there)):
            took = timed(lambda side=side: side.train(0))
            if round_ > 0:
                seconds[name].append(took)
    return {name: median(of) for name, of in seconds.items()} | {"first": first}


def as_one(found: Made, rounds: int) -> dict[str, float]:
    """Return the seconds of a step of several trials, one by one and as one."""
    alone = NgnSide(found, BATCH)
    networks = [build_network(found.spec) for _ in range(TRIALS)]
    weights, buffers = stack_module_state(networks)
    batch = alone.graphs.batch(alone.numbers[0])
    optimizer = torch.optim.Adam(weights.values(), lr=1e-4)
    fuse(optimizer)

    def loss(own: dict[str, Tensor], buffers: dict[str, Tensor]) -> Tensor:
        out: Tensor = functional_call(networks[0], (own, buffers), (batch,))
        return out.abs().mean()

    def step() -> None:
        for name, gradient in vmap(grad(loss))(weights, buffers).items():
            weights[name].grad = gradient
        optimizer.step()

    seconds: dict[str, list[float]] = {"one by one": [], "as one": []}
    for round_ in range(rounds + 1):
        one_by_one = timed(lambda: [alone.train(0) for _ in range(TRIALS)])
        # torch.func maps over what torch can trace, as torch.compile does
        with patch.object(torch.compiler, "is_compiling", lambda: True):
            together = timed(step)
        if round_ > 0:
            seconds["one by one"].append(one_by_one)
            seconds["as one"].append(together)
    return {name: median(of) for name, of in seconds.items()}


def side_by_side(
    network: str, lines: list[dict[str, Any]], threads: int, rounds: int
) -> dict[str, float]:
    """Return the seconds of a step of two trials, one by one and at once."""
    options = {"network": network, "batch": BATCH, "symmetry": "orbits"}
    python = Path(sys.executable)
    seconds: dict[str, list[float]] = {"one by one": [], "at once": []}
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        path = Path(temporary) / "crystals.jsonl.gz"
        write(lines, path)
        log = Path(temporary) / "log"

        def start(own: int) -> Any:
            given = {**options, "threads": own}
            return stack.enter_context(worker(python, "ngn_speed.py", path, log, given))

        alone = start(threads)
        pair = [start(threads // 2) for _ in range(2)]
        pool = stack.enter_context(ThreadPoolExecutor(2))
        for _ in range(rounds):
            one = alone.measure("train")["seconds"]
            both = [
                found["seconds"]
                for found in pool.map(lambda side: side.measure("train"), pair)
            ]
            seconds["one by one"].append(2 * one)
            seconds["at once"].append(max(both))
    batches = len(lines) / BATCH
    return {name: median(of) / batches for name, of in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    shared = HERE.parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared, help="folder of the sets")
    parser.add_argument("--set", default="matbench_phonons")
    parser.add_argument("--networks", nargs="+", required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=HERE / "results" / "otherwise.json")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.set_flush_denormal(True)
    registry = collect(plugin_manager([]))
    found = json.loads(asked.out.read_text()) if asked.out.exists() else {}
    for network in asked.networks:
        crystals, _ = chosen(asked.data / asked.set, network, registry, 4 * BATCH)
        lines = [plain(one) for one in crystals]
        graphs = made(lines[:BATCH], network, "orbits")
        told = {
            "load": os.getloadavg()[0],
            "side_by_side": side_by_side(network, lines, asked.threads, asked.rounds),
            "compiled": compiled(graphs, asked.rounds),
            "as_one": as_one(graphs, asked.rounds),
            "environment": environment(torch.device("cpu")),
        }
        found[f"{asked.set} {network}"] = told
        asked.out.write_text(json.dumps(found, indent=1) + "\n")
        print(network, json.dumps(told, indent=1), flush=True)


if __name__ == "__main__":
    main()
