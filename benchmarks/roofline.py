"""How close a training step is to the machine: its operations over measured rates.

Counted are the floating point operations of the matrix products of a step, forward,
backward and update, and the bytes that all its operations read and write as if nothing
stayed in a cache. Measured are the machine's rates, one large float32 matrix product
and one large copy, and the step. The bound is the time of the products plus that of
the bytes of everything else. Every operation of a step is timed, too: the share of the
step inside matrix products, and what takes most of the rest. (torch's profiler would
tell wrong shares: it takes memory between the operations, so that a step's freed memory
cannot be used again, and each large result is paid for page by page.)

    python benchmarks/roofline.py --networks cogn congn --set matbench_phonons
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import torch
from speed import HERE, NETWORKS, ONLY_NONE, chosen, plain
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ngn_core.experiment.environment import environment
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.training.flops import flop_counter

sys.path.insert(0, str(HERE / "peers"))
from ngn_speed import NgnSide, made

PRODUCTS = ("mm", "addmm", "addmm_", "bmm", "baddbmm")
SIDE = 2048
COPIED = 2**26
LISTED = 12


class Bytes(TorchDispatchMode):
    """Adds up what operations read and write, matrix products apart."""

    def __init__(self) -> None:
        super().__init__()
        self.products = 0
        self.others = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run an operation and count its tensors; views move nothing."""
        result = func(*args, **(kwargs or {}))
        if not func.is_view:
            given = [*tree_leaves(args), *tree_leaves(kwargs or {})]
            every = [*given, *tree_leaves(result)]
            moved = sum(one.nbytes for one in every if isinstance(one, Tensor))
            if name_of(func) in PRODUCTS:
                self.products += moved
            else:
                self.others += moved
        return result


class Seconds(TorchDispatchMode):
    """Adds up how long operations take, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, float] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run an operation and time it."""
        start = time.perf_counter()
        result = func(*args, **(kwargs or {}))
        seconds = time.perf_counter() - start
        name = name_of(func)
        self.found[name] = self.found.get(name, 0.0) + seconds
        return result


def name_of(func: Any) -> str:
    """Return an operation's name, without namespace and overload."""
    name: str = func.name()
    return name.removeprefix("aten::").partition(".")[0]


def rates(rounds: int) -> dict[str, float]:
    """Return GFLOP/s of a large product and GB/s of a large copy."""
    one, two = torch.rand(SIDE, SIDE), torch.rand(SIDE, SIDE)
    source = torch.rand(COPIED // 4)
    target = torch.empty_like(source)
    product = timed(lambda: torch.mm(one, two), rounds)
    copy = timed(lambda: target.copy_(source), rounds)
    return {
        "gflops": 2e-9 * SIDE**3 / product,
        "gigabytes_per_second": 2e-9 * COPIED / copy,
    }


def timed(action: Callable[[], object], rounds: int) -> float:
    """Return the median of the seconds, after one to warm up."""
    seconds = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return median(seconds[1:])


def roofline(side: NgnSide, machine: dict[str, float], rounds: int) -> dict[str, Any]:
    """Return what a step does, how long it takes, and the bound."""
    side.train(0)
    flops, moved = flop_counter(), Bytes()
    with flops:
        side.train(0)
    with moved:
        side.train(0)
    seconds = timed(lambda: side.train(0), rounds)
    assembly = timed(lambda: side.assemble(0), rounds)
    compute = 1e-9 * flops.get_total_flops() / machine["gflops"]
    traffic = 1e-9 * moved.others / machine["gigabytes_per_second"]
    return {
        "step_ms": 1e3 * seconds,
        "gigaflops": 1e-9 * flops.get_total_flops(),
        "gigabytes_of_products": 1e-9 * moved.products,
        "gigabytes_of_others": 1e-9 * moved.others,
        "products_bound_ms": 1e3 * compute,
        "others_bound_ms": 1e3 * traffic,
        "bound_over_step": (compute + traffic) / seconds,
        "assembly_over_step": assembly / seconds,
        **shares(side, seconds, rounds),
    }


def shares(side: NgnSide, step: float, rounds: int) -> dict[str, Any]:
    """Return the share of a step inside matrix products, and what else takes long."""
    operations = Seconds()
    with operations:
        for _ in range(rounds):
            side.train(0)
    own = {name: whole / rounds / step for name, whole in operations.found.items()}
    most = sorted(own, key=lambda name: -own[name])[:LISTED]
    return {
        "products_over_step": sum(own.get(name, 0.0) for name in PRODUCTS),
        "operations_over_step": sum(own.values()),
        "most": {name: round(own[name], 4) for name in most},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    shared = HERE.parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared, help="folder of the sets")
    parser.add_argument("--set", default="matbench_phonons")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=[*NETWORKS])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "roofline.json")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.set_flush_denormal(True)
    registry = collect(plugin_manager([]))
    found = json.loads(asked.out.read_text()) if asked.out.exists() else {}
    for network in asked.networks:
        crystals, _ = chosen(asked.data / asked.set, network, registry, asked.batch)
        symmetry = "none" if network in ONLY_NONE else "orbits"
        side = NgnSide(
            made([plain(one) for one in crystals], network, symmetry), asked.batch
        )
        load = os.getloadavg()[0]
        machine = rates(asked.rounds)
        told = roofline(side, machine, asked.rounds)
        found[f"{asked.set} {network} {asked.threads}"] = {
            "symmetry": symmetry,
            "batch": asked.batch,
            "load": load,
            "machine": machine,
            **told,
            "environment": environment(torch.device("cpu")),
        }
        asked.out.write_text(json.dumps(found, indent=1) + "\n")
        print(network, json.dumps(told, indent=1), flush=True)


if __name__ == "__main__":
    main()
