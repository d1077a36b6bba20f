"""`ngn predict --input` on very many crystals: rate, where the time goes, and memory.

Crystals of 10 to 30 sites, 20 in the mean, are taken from the sets and repeated with a
seeded isotropic strain (within 2 %: symmetry stays, and no two are equal), and written
as gzipped JSON lines. A small network is trained, unless trials are given, and `ngn
predict` is called in a process of its own, whose memory is looked at while it runs.
What is there is not made again: an interrupted call goes on. Seconds of processors are
given, too, for other work on the machine makes those of the clock longer.

    python benchmarks/screening.py ../shared/data --folder screening --jobs 2
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ngn_core.crystal.crystal import Crystal

SETS = (
    "matbench_mp_subset",
    "matbench_log_kgvrh",
    "matbench_dielectric",
    "matbench_phonons",
)
FEWEST, MEAN, MOST = 10, 20, 30
"""Sites of a crystal."""

FILE = 10_000
"""Crystals of a file."""

STRAIN = 0.02

SPEC = "cogn"
SMALL = (
    "network.embed.node.width=16",
    "network.embed.edge.width=16",
    "network.blocks.0.repeat=1",
    "train.batch_size=64",
)
"""The network, with the graphs of the whole one."""

TRAINING = ("--limit=200", "--split=kfold:2", "--epochs=3", "--costs=none")

ALONE = 2_000
"""Crystals whose graphs are built without a prediction."""

STEP = 10_000
"""Crystals between two figures of the memory."""

MIB = 2**20
BAR = 2048
"""MiB that all processes together may have."""

RESULT = Path(__file__).parent / "results" / "screening.json"


def write_input(data: Path, folder: Path, rows: int) -> None:
    """Write so many crystals, those files that are not there.

    Args:
        data: folder of the sets.
        folder: for the files.
        rows: in all of them.
    """
    from ngn_core.files import atomic_write

    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        folder / f"{first // FILE:04d}.jsonl.gz": range(first, min(first + FILE, rows))
        for first in range(0, rows, FILE)
    }
    if all(file.exists() for file in wanted):
        return
    crystals = shared_crystals(data)
    for file, places in wanted.items():
        if file.exists():
            continue
        with (
            atomic_write(file) as partial,
            partial.open("wb") as raw,
            gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed,
        ):
            for row in strained(crystals, places):
                packed.write(json.dumps(row).encode() + b"\n")


def shared_crystals(data: Path) -> list[tuple[str, Crystal]]:
    """Return the ordered crystals of the sets that are neither small nor large."""
    from ngn_core.dataset.open import open_dataset
    from ngn_core.dataset.select import select
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect

    registry = collect(plugin_manager())
    found = []
    for name in SETS:
        table = open_dataset(str(data / name), registry)
        every = select(table, None, on_bad_structure="skip", on_disorder="skip")
        found += [
            (one, crystal)
            for one, crystal in zip(every.ids, every.crystals, strict=True)
            if FEWEST <= len(crystal.frac) <= MOST
        ]
    return found


def strained(
    crystals: Sequence[tuple[str, Crystal]], places: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """Yield rows of the input; each depends on its place alone.

    Small and large crystals are drawn so often that a crystal has `MEAN` sites.
    """
    from ngn_core.crystal.elements import symbol_of

    small = [one for one in crystals if len(one[1].frac) <= MEAN]
    large = [one for one in crystals if len(one[1].frac) > MEAN]
    of_small, of_large = (
        sum(len(crystal.frac) for _, crystal in some) / len(some)
        for some in (small, large)
    )
    share = (MEAN - of_small) / (of_large - of_small)
    for place in places:
        drawn = random.Random(place)
        name, crystal = drawn.choice(large if drawn.random() < share else small)
        factor = drawn.uniform(1 - STRAIN, 1 + STRAIN)
        yield {
            "id": f"{place}-{name}",
            "lattice": (crystal.lattice * factor).tolist(),
            "species": [symbol_of(int(number)) for number in crystal.numbers],
            "frac": crystal.frac.tolist(),
        }


def train(data: Path, runs: Path) -> None:
    """Train the small network on two folds, unless it is trained."""
    call = [
        *(sys.executable, "-c", "from ngn_core.cli.compare import main; main()"),
        *(SPEC, *(f"--set={one}" for one in SMALL), *TRAINING),
        *(f"--dataset={data / 'matbench_phonons'}", "--target=last_phdos_peak"),
        *(f"--out={runs}", f"--cache={runs.parent / 'cache'}", "--device=cpu"),
    ]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)


@dataclass
class Footprint:
    """What a process and all that it started take of the machine.

    Attributes:
        own: greatest resident memory of each process, by its number, bytes.
        shared: the greatest of all at once, what they share counted once, bytes.
        seconds: of processors, by the number of the process.
        series: what all have at once when so many thousands of crystals are done, MiB.
    """

    own: dict[int, int] = field(default_factory=dict)
    shared: int = 0
    seconds: dict[int, float] = field(default_factory=dict)
    series: dict[int, float] = field(default_factory=dict)

    def look(self, process: int, done: int = 0) -> None:
        """Take note of what a process and its descendants have now.

        Args:
            process: its number.
            done: crystals that it has done.
        """
        shared = 0
        for one in descendants(process):
            try:
                shared += _bytes(Path(f"/proc/{one}/smaps_rollup"), "Pss")
                own = _bytes(Path(f"/proc/{one}/status"), "VmHWM")
                times = (
                    Path(f"/proc/{one}/stat")
                    .read_text(encoding="utf-8")
                    .rpartition(")")[2]
                    .split()
                )
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue  # it has ended
            self.own[one] = max(own, self.own.get(one, 0))
            self.seconds[one] = sum(map(int, times[11:13])) / os.sysconf("SC_CLK_TCK")
        self.shared = max(self.shared, shared)
        if done:
            self.series.setdefault(done // STEP * STEP // 1000, shared / MIB)

    def processor_seconds(self, process: int) -> dict[str, float]:
        """Return those of the process, and of what it started."""
        own = self.seconds[process]
        return {"parent": own, "others": sum(self.seconds.values()) - own}

    def memory(self, process: int) -> dict[str, float]:
        """Return it in MiB."""
        return {
            "parent_mib": self.own[process] / MIB,
            "processes": len(self.own),
            "sum_of_the_peaks_of_all_mib": sum(self.own.values()) / MIB,
            "all_at_once_what_they_share_counted_once_mib": self.shared / MIB,
        }


def descendants(process: int) -> list[int]:
    """Return a process and all that it, and they, started."""
    found = [process]
    for one in found:
        for file in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, file.read_text().split())
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def _bytes(file: Path, key: str) -> int:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) * 1024
    return 0  # it is ending, and has given its memory back


def screened(arguments: Sequence[str], folder: Path, every: float) -> dict[str, Any]:
    """Call `ngn predict` and return what it did and took.

    Args:
        arguments: of `ngn`.
        folder: for what it says.
        every: seconds between two looks at its memory.
    """
    told = folder / f"told-{time.time_ns()}.json"
    call = [sys.executable, __file__, "--told", str(told), *arguments]
    footprint = Footprint()
    began = time.perf_counter()
    with (folder / "log").open("a", encoding="utf-8") as log:
        child = subprocess.Popen(call, stdout=log, stderr=log)
        while child.poll() is None:
            done = json.loads(told.read_text())["done"] if told.exists() else 0
            footprint.look(child.pid, done)
            time.sleep(every)
    seconds = time.perf_counter() - began
    if child.returncode not in (0, 75):
        raise RuntimeError((folder / "log").read_text(encoding="utf-8")[-2000:])
    timing = json.loads(told.read_text(encoding="utf-8"))
    return {
        "exit": child.returncode,
        "seconds": seconds,
        "load": os.getloadavg()[1],
        **timing,
        "processor_seconds": footprint.processor_seconds(child.pid),
        "memory": footprint.memory(child.pid),
        "memory_mib_by_thousands_of_crystals": footprint.series,
    }


def told(file: Path, arguments: list[str]) -> int:
    """Run `ngn` here, and write down how far its screening is after each shard."""
    from dataclasses import asdict

    from ngn_core.cli.workbench import main as workbench
    from ngn_core.files import atomic_write
    from ngn_core.prediction import screening

    plain = screening.screen

    def screen(*given: Any) -> Any:
        *others, progress = given

        def tell(timing: Any) -> None:
            with atomic_write(file) as partial:
                partial.write_text(json.dumps(asdict(timing)), encoding="utf-8")
            progress(timing)

        return plain(*others, tell)

    screening.screen = screen
    return workbench(arguments)


def graphs_alone(folder: Path) -> dict[str, float]:
    """Return what it takes to build the first graphs in one process, and no more."""
    from itertools import islice

    from ngn_core.packed.recipe import recipe_of
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.prediction.screened_input import rows_of
    from ngn_core.spec.load import load_specs

    registry = collect(plugin_manager())
    build = recipe_of(load_specs([SPEC], registry)[0], registry).builder()
    crystals = [row.crystal() for row in islice(rows_of(folder, registry), ALONE)]
    build(crystals[0])  # imports
    began, used = time.perf_counter(), time.process_time()
    for crystal in crystals:
        build(crystal)
    seconds, of_processor = time.perf_counter() - began, time.process_time() - used
    return {
        "crystals": len(crystals),
        "crystals_per_second": len(crystals) / seconds,
        "processor_ms_per_crystal": 1e3 * of_processor / len(crystals),
    }


def summary(
    calls: Sequence[dict[str, Any]], jobs: int, alone: Mapping[str, float]
) -> dict[str, Any]:
    """Return what all calls together did."""
    new, seconds = (sum(one[key] for one in calls) for key in ("new", "seconds"))
    rate = new / seconds
    memory = max((one["memory"] for one in calls), key=_sum_of_peaks)
    own, workers = (
        1e3 * sum(one["processor_seconds"][key] for one in calls) / new
        for key in ("parent", "others")
    )
    return {
        "rows": new,
        "seconds": seconds,
        "crystals_per_second": rate,
        "jobs": jobs,
        "share_of_the_time": {
            "waiting for graphs": sum(one["waited"] for one in calls) / seconds,
            "networks": sum(one["networks"] for one in calls) / seconds,
        },
        "processor_ms_per_crystal": {"parent": own, "others": workers},
        "graphs_alone": dict(alone),
        "memory": memory,
        "bar_mib": BAR,
        "holds": _sum_of_peaks(memory) < BAR,
        "calls": list(calls),
    }


def _sum_of_peaks(memory: dict[str, float]) -> float:
    return memory["sum_of_the_peaks_of_all_mib"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder of the sets")
    parser.add_argument("--folder", type=Path, required=True, help="for all files")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--runs", type=Path, help="trials (default: a small network)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=float, default=1.0, help="seconds of a look")
    parser.add_argument("--max-time", help="of `ngn predict`; then what is done counts")
    parser.add_argument("--out", type=Path, default=RESULT)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    source = asked.folder / f"input-{asked.rows}"
    write_input(asked.data, source, asked.rows)
    runs = asked.runs or asked.folder / "runs"
    if asked.runs is None:
        train(asked.data, runs)
    out = asked.folder / f"predictions-{asked.rows}.parquet"
    arguments = ["predict", str(runs), f"--input={source}", f"--out={out}"]
    arguments += [f"--jobs={asked.jobs}", "--device=cpu", "--top=5"]
    if asked.max_time:
        arguments.append(f"--max-time={asked.max_time}")
    kept = asked.folder / f"calls-{asked.rows}.json"
    calls = json.loads(kept.read_text()) if kept.exists() else []
    if not out.exists():
        calls.append(screened(arguments, asked.folder, asked.every))
        kept.write_text(json.dumps(calls, indent=1))
    result = {
        "call": ["ngn", *(one.replace(f"{asked.folder}/", "") for one in arguments)],
        "of": asked.rows,
        **summary(calls, asked.jobs, graphs_alone(source)),
        **described(source, asked.rows, runs, SMALL if asked.runs is None else ()),
    }
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def described(
    source: Path, rows: int, runs: Path, changes: Sequence[str]
) -> dict[str, Any]:
    """Return what was screened, by what, and where."""
    import torch

    from ngn_core.experiment.environment import environment
    from ngn_core.experiment.result import read_result
    from ngn_core.experiment.store import result_folders

    sites = 0
    for file in source.iterdir():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            sites += sum(len(json.loads(line)["species"]) for line in lines)
    results = [read_result(folder) for folder in result_folders(runs)]
    commit = subprocess.run(
        ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "mean_sites": sites / rows,
        "model": {
            "spec": results[0].spec,
            "changes": list(changes),
            "trials": len(results),
        },
        "commit": commit.stdout.strip() or None,
        "environment": environment(torch.device("cpu")),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--told"]:
        sys.exit(told(Path(sys.argv[2]), sys.argv[3:]))
    main()
