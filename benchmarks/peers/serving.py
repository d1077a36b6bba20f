"""What every side of `benchmarks/speed.py` does: answer requests for timed passes.

A side is a process of its own, in an environment of its own. It builds its graphs and
its network, tells in one line of JSON what it stands on, and then answers each line of
its input, `train`, `infer` or `assemble`, with the seconds that a pass over its batches
took. Only the standard library is imported here.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

STATUS = Path("/proc/self/status")


class Side(Protocol):
    """One network on one set of crystals, in batches that never change.

    Attributes:
        batches: their number.
        facts: counts of nodes, edges and angles a crystal, parameters, remarks.
    """

    batches: int
    facts: dict[str, Any]

    def train(self, batch: int) -> None:
        """Put a batch together, take one optimizer step on it, and wait for it."""

    def infer(self, batch: int) -> None:
        """Put a batch together, predict it, and wait for it."""

    def assemble(self, batch: int) -> None:
        """Put a batch together."""


Make = Callable[[list[dict[str, Any]], argparse.Namespace], Side]
"""From plain crystals and the request to a side."""


def serve(make: Make, packages: Sequence[str]) -> None:
    """Make a side from the command line and answer until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("crystals", type=Path, help="a jsonl.gz")
    parser.add_argument("--network", required=True)
    parser.add_argument("--symmetry", default="none")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    asked = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    side = make(read(asked.crystals), asked)
    rest = resident()
    passes = {"train": side.train, "infer": side.infer, "assemble": side.assemble}
    for one in passes.values():
        for batch in range(side.batches):
            one(batch)
    told = {
        "python": sys.version.partition(" ")[0],
        "packages": {name: metadata.version(name) for name in packages},
        **side.facts,
    }
    print(json.dumps(told), file=answers, flush=True)
    for line in sys.stdin:
        found = timed(passes[line.strip()], side.batches, rest)
        print(json.dumps(found), file=answers, flush=True)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the crystals of a file: lattice, numbers, frac, maybe edges, a line."""
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def timed(
    one: Callable[[int], None], batches: int, rest: float | None
) -> dict[str, float | None]:
    """Return what a pass over all batches took: seconds, and MiB above `rest`.

    The memory is that of a pass before the timed one: for its peak the process gives
    back what it has, and asking for that again is no part of a step in an epoch.
    Seconds of the processor are told too: beside other work they are what a side took
    itself.
    """
    forget_peak()
    for batch in range(batches):
        one(batch)
    peak = mebibytes("VmHWM")
    above = None if peak is None or rest is None else peak - rest
    start, busy = time.perf_counter(), time.process_time()
    for batch in range(batches):
        one(batch)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    return {"seconds": seconds, "processor_seconds": busy, "memory_mib": above}


def resident() -> float | None:
    """Return the memory of the process when it has given back all it can, MiB."""
    forget_peak()
    return mebibytes("VmRSS")


def forget_peak() -> None:
    """Make the kernel forget the peak; Linux alone can."""
    gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    except (OSError, AttributeError):
        return


def mebibytes(field: str) -> float | None:
    """Return a field of the process's status, MiB; None where there is none."""
    try:
        found = re.search(rf"^{field}:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
    except OSError:
        return None
    return None if found is None else int(found[1]) / 2**10
