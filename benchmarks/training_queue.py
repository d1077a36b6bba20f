"""The queue of full trainings: what is in the archive, what comes next, training it.

    python benchmarks/reproduction.py queue
    nice -n 19 python benchmarks/reproduction.py queue --hours 8

Each network is trained as its file says, on official folds, with one thread and seed 0.
An interrupted trial goes on from its checkpoint in `--runs`; a finished one is added to
the archive of the study, from which the page is made.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from ngn_core.cli.workbench import main as ngn
from ngn_core.experiment.facts import write_facts
from ngn_core.experiment.result import Result, read_result
from ngn_core.experiment.store import result_folders
from ngn_core.experiment.stored import read_results
from ngn_core.spec.library import find_spec
from ngn_core.spec.plain_yaml import read_yaml

FOLDS = 5
FIRST, SECOND = "matbench_jdft2d", "matbench_phonons"
SPECS = (
    "congn",
    "schnet",
    "megnet",
    "cgcnn",
    "m3gnet",
    "alignn",
    "dimenetpp",
    "matformer",
    "painn",
)
"""In the order in which they are trained on the first dataset."""

STOPPED = 75
"""What `ngn-compare --max-time` ends with where it is to go on."""

_COMPARE = "import sys; from ngn_core.cli.compare import main; sys.exit(main())"


@dataclass(frozen=True)
class Queued:
    """A trial of the queue.

    Attributes:
        spec: name of the shipped spec.
        name: as tables print it.
        dataset: its name.
        fold: whose test part is tested on.
        hours: that it takes, about; None where nothing like it was trained.
    """

    spec: str
    name: str
    dataset: str
    fold: int
    hours: float | None


def queue(timed: Sequence[Result]) -> list[Queued]:
    """Return all trials in order: the second dataset by cost, the cheapest first.

    Args:
        timed: trials of any length, by whose seconds an epoch hours are estimated.
    """
    said = {spec: read_yaml(find_spec(spec).read_text("utf-8"))[0] for spec in SPECS}
    hours = {
        (spec, dataset): _hours(timed, said[spec], dataset)
        for spec in SPECS
        for dataset in (FIRST, SECOND)
    }
    unknown = float("inf")
    by_cost = sorted(SPECS, key=lambda spec: hours[spec, FIRST] or unknown)
    order = [*((spec, FIRST) for spec in SPECS), *((spec, SECOND) for spec in by_cost)]
    return [
        Queued(spec, said[spec]["name"], dataset, fold, hours[spec, dataset])
        for spec, dataset in order
        for fold in range(FOLDS)
    ]


def _hours(
    timed: Sequence[Result], said: Mapping[str, Any], dataset: str
) -> float | None:
    """Return what a fold takes; on the second dataset by what it takes coGN there."""
    pace = _pace(timed, said["name"], dataset)
    if pace is None and dataset == SECOND:
        first = _pace(timed, said["name"], FIRST)
        here, there = _pace(timed, "coGN", SECOND), _pace(timed, "coGN", FIRST)
        if first and here and there:
            pace = first * here / there
    return None if pace is None else pace * said["train"]["epochs"] / 3600


def _pace(timed: Sequence[Result], name: str, dataset: str) -> float | None:
    """Return the seconds that an epoch of a network takes on a dataset."""
    seconds = [
        float(result.cost["train_seconds"] or 0) / result.epochs
        for result in timed
        if (result.spec, result.dataset) == (name, dataset)
    ]
    return fmean(seconds) if seconds else None


def missing(stored: Sequence[Result], timed: Sequence[Result] = ()) -> list[Queued]:
    """Return the trials that are not in the archive, in order.

    Args:
        stored: trials in the archive.
        timed: others, by whose seconds an epoch hours are estimated, too.
    """
    there = {(one.spec, one.dataset, one.fold) for one in stored if one.seed == 0}
    return [
        one
        for one in queue([*stored, *timed])
        if (one.name, one.dataset, one.fold) not in there
    ]


def told(left: Sequence[Queued]) -> Iterator[str]:
    """Yield a line for each trial that is missing, and how long all of them take."""
    for place, one in enumerate(left, start=1):
        hours = "?" if one.hours is None else f"{one.hours:.1f} h"
        yield f"{place:3} {one.name} on {one.dataset}, fold {one.fold}: {hours}"
    known = [one.hours for one in left if one.hours is not None]
    more = f", and {len(left) - len(known)} of unknown length"
    lacking = more * (len(known) < len(left))
    yield f"{len(left)} trials to go: {sum(known):.1f} h{lacking}"


def train(one: Queued, data: str, runs: Path, hours: float | None) -> bool:
    """Train a trial from its checkpoint or afresh; return whether it is finished.

    Args:
        one: of the queue.
        data: folder of the datasets, empty for their names.
        runs: folder of trials.
        hours: after which to stop with a checkpoint, None for never.

    Raises:
        SystemExit: where ngn-compare fails.
    """
    arguments = [one.spec, "--dataset", f"{data}{one.dataset}", "--costs", "none"]
    arguments += ["--shard", f"{one.fold + 1}/{FOLDS}", "--jobs", "1"]
    arguments += ["--out", str(runs)]
    if hours is not None:
        arguments += ["--max-time", f"{max(round(hours * 3600), 1)}s"]
    threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, "-c", _COMPARE, *arguments]
    code = subprocess.run(
        command, env={**os.environ, **threads}, check=False
    ).returncode
    if code not in (0, STOPPED):
        raise SystemExit(code)
    return code == 0


def add(archive: Path, runs: Path) -> None:
    """Add the finished trials in a folder to the archive of the study.

    What is known of the test crystals is the same for all trials of a fold.

    Raises:
        SystemExit: where the report cannot be built of them.
    """
    known = {
        (one.dataset_digest, one.fold): one.facts for one in read_results([archive])
    }
    for folder in result_folders(runs):
        result = read_result(folder)
        facts = known.get((result.dataset_digest, result.fold))
        if result.facts is None and facts is not None:
            write_facts(facts, folder)
    report = ["report", str(archive), str(runs), "--out", str(runs / "report")]
    code = ngn([*report, "--archive", str(archive)])
    if code:
        raise SystemExit(code)


def work(
    archive: Path,
    left: Sequence[Queued],
    data: str,
    runs: Path,
    hours: float | None = None,
) -> None:
    """Train trials in order, and add each to the archive.

    Args:
        archive: of the study.
        left: what is to be trained.
        data: folder of the datasets, empty for their names.
        runs: folder of trials.
        hours: after which to stop, None for never.
    """
    ends = None if hours is None else time.monotonic() + 3600 * hours
    for one in left:
        room = None if ends is None else (ends - time.monotonic()) / 3600
        if (room is not None and room <= 0) or not train(one, data, runs, room):
            return
        add(archive, runs)
