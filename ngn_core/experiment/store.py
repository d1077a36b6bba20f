"""The folder of results: a trial's folder is there whole, or not at all."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from ngn_core.errors import TrialError
from ngn_core.experiment.facts import read_facts
from ngn_core.experiment.lease import (
    BEAT,
    POLL,
    Lease,
    Watcher,
    lease_folder,
    newest,
    owner_of,
)
from ngn_core.experiment.owner import Owner
from ngn_core.experiment.result import PREDICTIONS, RESULT, Result, read_bare

PARTIAL = ".partial"
"""Where in the folder of results the trials are that are not finished."""

NOTE = "note.txt"
"""Why a trial did not finish, beside its leases."""

_FAILED = "failed: "
_DIGITS = 16


class TrialLock:
    """A trial that this process works on.

    Args:
        lease: on the trial.
        working: the folder that it works in, which is this lease's alone.
    """

    def __init__(self, lease: Lease, working: Path) -> None:
        self.lease = lease
        self.working = working

    def check(self, now: bool = True) -> None:
        """Check that no other process has taken the trial over.

        Args:
            now: look; or take what the last heartbeat saw.

        Raises:
            TrialError: where one has.
        """
        if self.lease.lost or (now and not self.lease.check()):
            raise TrialError(
                "another process has taken this trial over, as this one seemed dead: "
                "it was suspended, or did not reach the folder of results, for too long"
            )


class Store:
    """Results under `runs/`, one folder a trial, named by its digest.

    Args:
        runs: the folder; made when the first trial begins.
        watcher: tells which of the processes that share the folder are dead.
        beat: seconds between two signs that this one is not.
    """

    def __init__(
        self, runs: Path, watcher: Watcher | None = None, beat: float = BEAT
    ) -> None:
        self.runs = runs
        self.watcher = watcher or Watcher()
        self.beat = beat

    def folder(self, digest: str) -> Path:
        """Return where a finished trial is."""
        return self.runs / digest[:_DIGITS]

    def place(self, digest: str) -> Path:
        """Return where the leases and the working folder of a trial are."""
        return self.runs / PARTIAL / digest[:_DIGITS]

    def has(self, digest: str) -> bool:
        """Return whether a trial is finished and whole."""
        try:
            return self.find(digest) is not None
        except TrialError:
            return False

    def try_lock(self, digest: str) -> TrialLock | None:
        """Keep a trial to this process; None where another one has it.

        Raises:
            TrialError: where the folder cannot be written.
        """
        try:
            lease = self.watcher.take(self.place(digest), self.beat)
            return None if lease is None else TrialLock(lease, _working(lease))
        except OSError as error:
            raise self._unwritable(error) from error

    @contextmanager
    def lock(self, digest: str) -> Iterator[TrialLock]:
        """Keep a trial to this process; another one waits until it is done.

        Yields:
            The folder that the trial works in, with what an interrupted one left.

        Raises:
            TrialError: where it cannot be made.
        """
        while (lock := self.try_lock(digest)) is None:
            time.sleep(POLL)
        try:
            yield lock
        finally:
            lock.lease.release()

    def find(self, digest: str) -> Result | None:
        """Return a finished trial's result, None where there is none.

        Facts that are damaged are left out, as where there are none yet.

        Raises:
            DamagedError: where the folder is there but damaged.
            TrialError: where it cannot be read, or is another trial's.
        """
        folder = self.folder(digest)
        if not folder.exists():
            return None
        result = read_bare(folder)
        if result.digest != digest:
            raise TrialError(
                f"{folder}: holds trial {result.digest}, not {digest}; remove the "
                "folder, or start over with --fresh"
            )
        with suppress(TrialError):
            return replace(result, facts=read_facts(folder))
        return result

    def set_aside(self, digest: str) -> Path:
        """Return where a claimed trial's damaged result is from now on."""
        for number in count(1):
            aside = self.runs / PARTIAL / f"{digest[:_DIGITS]}.damaged-{number}"
            if not aside.exists():
                break
        return self.folder(digest).rename(aside)

    def _unwritable(self, error: OSError) -> TrialError:
        return TrialError(f"cannot write results to {self.runs}: {error}")

    def finish(self, digest: str, lock: TrialLock) -> None:
        """Turn a claimed trial's working folder into its result, at once.

        Raises:
            TrialError: where the trial was taken over meanwhile.
        """
        lock.check()
        lock.working.rename(self.folder(digest))
        self.trace(digest).unlink(missing_ok=True)
        self.discard(lock)

    def discard(self, lock: TrialLock) -> None:
        """Take away what a trial needs while it is not finished; it is now."""
        with tempfile.TemporaryDirectory(
            prefix=".done-", dir=self.runs / PARTIAL, ignore_cleanup_errors=True
        ) as gone:  # at once: who comes now gets a place of its own
            lock.lease.place.rename(Path(gone) / "place")
        lock.lease.release()

    def trace(self, digest: str) -> Path:
        """Return the file for the traceback of a trial that failed."""
        return self.runs / PARTIAL / f"{digest[:_DIGITS]}.error.txt"

    def note(self, digest: str, sentence: str) -> None:
        """Leave a sentence on why a trial did not finish, where that can be written."""
        with suppress(OSError):
            (self.place(digest) / NOTE).write_text(sentence + "\n", encoding="utf-8")

    def note_failure(self, digest: str, reason: str) -> None:
        """Leave the reason why a trial failed, where no process has begun it either."""
        with suppress(OSError):
            self.place(digest).mkdir(parents=True, exist_ok=True)
        self.note(digest, f"{_FAILED}{reason}")

    def forget_failure(self, digest: str) -> None:
        """Take away what `note_failure` left, for the trial is run again."""
        with suppress(OSError):
            (self.place(digest) / NOTE).unlink()

    def failure(self, digest: str) -> str | None:
        """Return why a trial failed when it was run last, None where it did not."""
        try:
            text = (self.place(digest) / NOTE).read_text(encoding="utf-8").strip()
        except OSError:
            return None
        return text.removeprefix(_FAILED) if text.startswith(_FAILED) else None

    def owner(self, digest: str) -> Owner | None:
        """Return who has a trial, or had it last."""
        place = self.place(digest)
        number = newest(place)
        return None if number is None else owner_of(lease_folder(place, number))

    def start_over(self, digest: str, lock: TrialLock) -> None:
        """Remove what is known of a claimed trial, finished or not."""
        shutil.rmtree(self.folder(digest), ignore_errors=True)
        for left in lock.working.iterdir():
            left.unlink()


def _working(lease: Lease) -> Path:
    """Return the working folder of a lease, with what the one before left in its own.

    It gets another name, so that a holder that was only suspended cannot write there.
    """
    working = lease.place / f"work-{lease.number}"
    numbers = [int(left.name[5:]) for left in lease.place.glob("work-*")]
    before = [number for number in numbers if number < lease.number]
    if before:
        (lease.place / f"work-{max(before)}").rename(working)
    else:
        working.mkdir()
    for half in working.glob("*.partial"):
        half.unlink()
    return working


def result_folders(path: Path) -> Iterator[Path]:
    """Yield the finished trials' folders that a path means: itself, or those in it.

    One that lacks a file is among them, so that who reads it says so.
    """
    if _holds_result(path):
        yield path
    elif path.is_dir():
        yield from filter(_holds_result, sorted(path.iterdir()))


def _holds_result(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (RESULT, PREDICTIONS))
