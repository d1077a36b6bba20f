"""A small comparison, killed at twenty seeded moments, and each time called again.

A moment is a change to the files of the comparison: `kill -9` comes right before it.
Whether the table and every result are those of the uninterrupted comparison, and what
was computed although it was complete, is written as JSON.

    python benchmarks/kills.py --out benchmarks/results/kills.json
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from ngn_core.cli.compare import main as compare
from ngn_core.experiment.store import result_folders

CALL = [
    "cgcnn",
    "--set=network.embed.node.width=8",
    "--set=network.blocks.0.repeat=1",
    "--set=network.head.layers=[8, 1]",
    "--set=train.batch_size=4",
    "--set=train.validation=0.3",
    "--limit=12",
    "--split=kfold:2",
    "--seeds=1",
    "--epochs=3",
    "--costs=none",
    "--device=cpu",
]
"""Two trials of three epochs, each of which is saved."""

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime"}
"""Python's names of what is done to files."""


class Audit:
    """Counts what this process does to files, and sends it a signal at one of them.

    Args:
        under: files in this folder count.
        log: is told each trial that gets its final name, and so is complete.
        moment: at which of them, from 1 on; None: at none.
        number: the signal.
    """

    def __init__(
        self, under: Path, log: TextIO, moment: int | None, number: int
    ) -> None:
        self.under = str(under)
        self.log = log
        self.moment = moment
        self.number = number
        self.count = 0
        sys.addaudithook(self)

    def __call__(self, event: str, values: tuple[Any, ...]) -> None:
        """Count an event of Python's."""
        if event not in CHANGES or not str(values[0]).startswith(self.under):
            return
        self.count += 1
        if self.count == self.moment:
            os.kill(os.getpid(), self.number)
        if event == "os.rename" and Path(values[0]).name.startswith("work-"):
            target = Path(values[1])
            if target.parent.name == "runs":
                self.log.write(f"computed {target.name}\n")


@dataclass(frozen=True)
class Found:
    """What a comparison left.

    Attributes:
        results: predictions and losses of each trial, by its name.
        table: the scores.
    """

    results: dict[str, Any]
    table: Any


def begin(
    folder: Path,
    cache: Path,
    flags: Sequence[str] = (),
    moment: int | None = None,
    number: int = signal.SIGKILL,
    prepare: Callable[[], None] = lambda: None,
) -> Callable[[], int]:
    """Begin the comparison in a process of its own; return what waits for its code.

    Args:
        folder: for `runs` and a log.
        cache: of graphs.
        flags: more of them.
        moment: see `Audit`.
        number: see `Audit`.
        prepare: is called in the process before.
    """
    folder.mkdir(exist_ok=True)
    child = os.fork()
    if child:
        return lambda: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        gc.freeze()
        log = (folder / "log").open("a", buffering=1, encoding="utf-8")
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        sys.stdout = sys.stderr = log
        _save_every_epoch()
        prepare()
        audit = Audit(folder, log, moment, number)
        code = compare([*CALL, f"--out={folder / 'runs'}", f"--cache={cache}", *flags])
        log.write(f"counted {audit.count}\n")
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def _save_every_epoch() -> None:
    """Let this process write a checkpoint after each epoch, however quick it is."""
    from ngn_core.training import train

    saves = train.Checkpoints

    def always(file: Path, seconds: float, *more: Any) -> Any:
        return saves(file, 0.0, *more)

    train.Checkpoints = always  # type: ignore[assignment, misc]


def said(folder: Path, word: str) -> list[str]:
    """Return what the lines of the log that begin with a word go on with."""
    lines = (folder / "log").read_text(encoding="utf-8").splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(word + " ")]


def found(folder: Path) -> Found:
    """Return what a finished comparison left, but for what clocks say."""
    results = {}
    for one in result_folders(folder / "runs"):
        with (one / "curve.csv").open(encoding="utf-8") as file:
            losses = [
                (row["train_loss"], row["validation_loss"], row["lr"])
                for row in csv.DictReader(file)
            ]
        results[one.name] = (one / "predictions.csv").read_text("utf-8"), losses
    file = folder / "runs" / "report" / "comparison.json"
    table = json.loads(file.read_text(encoding="utf-8"))
    (scores,) = (one for one in table[0]["tables"] if one["name"] == "scores")
    return Found(results, scores["rows"])


def killed_once(folder: Path, cache: Path, moment: int, whole: Found) -> dict[str, Any]:
    """Kill a comparison at a moment, call it again, and return how that ended."""
    start = time.perf_counter()
    killed = begin(folder, cache, moment=moment)()
    complete = said(folder, "computed")
    if begin(folder, cache)() != 0:
        raise RuntimeError((folder / "log").read_text(encoding="utf-8"))
    left = found(folder)
    times = Counter(said(folder, "computed"))
    return {
        "moment": moment,
        "killed": killed == -signal.SIGKILL,
        "complete_then": len(complete),
        "table_is_equal": left.table == whole.table,
        "results_are_equal": left.results == whole.results,
        "computed_twice": sorted(name for name, count in times.items() if count > 1),
        "seconds": round(time.perf_counter() - start, 1),
    }


def _warm(folder: Path, cache: Path) -> None:
    """Compare here: what is imported and cached now, no call has to do again."""
    import torch

    torch.set_num_threads(1)  # a process that forks must have no other thread
    with open(os.devnull, "w", encoding="utf-8") as nothing, redirect_stdout(nothing):
        assert compare([*CALL, f"--out={folder / 'runs'}", f"--cache={cache}"]) == 0


def main() -> None:
    """Kill twenty comparisons and write what became of them."""
    from ngn_core.comparison.device import choose_device
    from ngn_core.experiment.environment import environment

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        cache = folder / "cache"
        _warm(folder / "first", cache)
        assert begin(folder / "whole", cache)() == 0
        whole, count = (
            found(folder / "whole"),
            int(said(folder / "whole", "counted")[0]),
        )
        moments = random.Random(given.seed).sample(range(1, count + 1), given.kills)
        rows = []
        for number, moment in enumerate(sorted(moments)):
            rows.append(killed_once(folder / str(number), cache, moment, whole))
            print(rows[-1], flush=True)
    told = {
        "environment": environment(choose_device("cpu")),
        "call": ["ngn-compare", *CALL],
        "changes_to_files_of_the_uninterrupted_call": count,
        "seed": given.seed,
        "kills": rows,
        "all_equal": all(
            row["killed"]
            and row["table_is_equal"]
            and row["results_are_equal"]
            and not row["computed_twice"]
            for row in rows
        ),
        "seconds": round(time.perf_counter() - start),
    }
    given.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
