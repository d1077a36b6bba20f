"""What has become of the trials in a folder of results."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ngn_core.errors import TrialError
from ngn_core.experiment.lease import (
    BEAT,
    POLL,
    Watcher,
    lease_folder,
    newest,
    owner_alive,
    released,
)
from ngn_core.experiment.plan import Planned, read_plans
from ngn_core.experiment.store import NOTE, Store

State = Literal["done", "running", "dead", "stopped", "missing"]

LISTENS = 2.5 * BEAT
"""Seconds in which a process on another machine that lives gives a sign."""


@dataclass(frozen=True)
class TrialStatus:
    """What has become of one trial.

    Attributes:
        trial: which.
        state: done; running; dead, for its process is gone or silent; stopped, by an
            error or on request; or missing, as no process has begun it.
        reason: where it runs, or why it does not; empty where it is done.
    """

    trial: Planned
    state: State
    reason: str = ""


def read_status(
    runs: Path,
    watcher: Watcher | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> list[TrialStatus]:
    """Return what has become of all trials that comparisons planned in a folder.

    Processes on this machine are looked up; for those on others their heartbeats are
    waited for, `LISTENS` seconds at most.

    Raises:
        TrialError: where the folder is none of `ngn-compare --out`.
    """
    plans = read_plans(runs)
    if not plans:
        raise TrialError(f"{runs}: no plan of trials; expected a folder of ngn-compare")
    watcher = watcher or Watcher()
    living = _listen(runs, plans, watcher, pause)
    return [_status(Store(runs), trial, living) for trial in plans]


def _listen(
    runs: Path,
    plans: Sequence[Planned],
    watcher: Watcher,
    pause: Callable[[float], None],
) -> set[Path]:
    """Return the leases on other machines that gave a sign."""
    unknown = set()
    for trial in plans:
        place = Store(runs).place(trial.digest)
        number = newest(place)
        if number is not None:
            lease = lease_folder(place, number)
            if not released(lease) and owner_alive(lease) is None:
                watcher.quiet(lease)
                unknown.add(lease)
    living: set[Path] = set()
    ends = watcher.clock() + LISTENS
    while unknown - living and watcher.clock() < ends:
        pause(POLL)
        living |= {one for one in unknown - living if watcher.quiet(one) == 0}
    return living


def _status(store: Store, trial: Planned, living: set[Path]) -> TrialStatus:
    try:
        if store.find(trial.digest) is not None:
            return TrialStatus(trial, "done")
    except TrialError as error:
        return TrialStatus(trial, "dead", str(error))
    place = store.place(trial.digest)
    number = newest(place)
    if number is None:
        return TrialStatus(trial, "missing", "no process has begun it")
    lease, owner = lease_folder(place, number), store.owner(trial.digest)
    if released(lease):
        return TrialStatus(trial, "stopped", _note(place))
    alive = owner_alive(lease)
    if alive or lease in living:
        return TrialStatus(trial, "running", str(owner))
    if alive is None:
        silent = f"no sign of {owner or 'its process'} in {LISTENS:.0f} s"
        return TrialStatus(trial, "dead", silent)
    return TrialStatus(trial, "dead", f"{owner} is gone: killed, or out of memory")


def _note(place: Path) -> str:
    try:
        return (place / NOTE).read_text(encoding="utf-8").strip()
    except OSError:
        return "its process left no reason"
