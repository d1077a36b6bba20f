"""Leases: one process works on a thing, and the others see whether it still does.

Nothing but `mkdir`, `rename` and the time stamp of a file is used, which NFS and Lustre
do as one step for all machines; there is no file lock. Time stamps of machines are not
compared with each other: a watcher sees whether a heartbeat changes, by its own clock.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ngn_core.experiment.owner import Owner, read_owner, this_process

BEAT = 10.0
"""Seconds between two heartbeats."""

PATIENCE = 120.0
"""Seconds without a heartbeat after which a holder on another machine is dead.

More than the minute for which NFS may show what was.
"""

POLL = 1.0
"""Seconds between two looks at what other processes do."""

_OWNER, _BEAT, _RELEASED = "owner.json", "beat", "released"


class Lease:
    """A thing that this process works on, until it is released or taken over.

    Args:
        place: folder of the thing's leases, one after the other.
        number: of this one.
        beat: seconds between two heartbeats.

    Attributes:
        lost: whether another process has taken over, as of the last look.
    """

    def __init__(self, place: Path, number: int, beat: float) -> None:
        self.place = place
        self.number = number
        self.folder = lease_folder(place, number)
        self.lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, args=(beat,), daemon=True)
        self._thread.start()

    def check(self) -> bool:
        """Return whether this process still has it; others could think it dead."""
        newer = lease_folder(self.place, self.number + 1)
        self.lost = newer.exists() or not self.folder.exists()
        return not self.lost

    def release(self) -> None:
        """Let others take the thing at once."""
        self._over.set()
        self._thread.join()
        with suppress(OSError):  # without it they wait, and see no heartbeat
            (self.folder / _BEAT).rename(self.folder / _RELEASED)

    def _live(self, beat: float) -> None:
        """Move the time stamp on; it counts, so that no clock can turn it back."""
        stamp = time.time()
        while not self._over.wait(beat):
            stamp += 1
            with suppress(OSError):  # a full disk or a server that is away for a while
                self.check()
                os.utime(self.folder / _BEAT, (stamp, stamp))


@dataclass
class Watcher:
    """Tells which leases are over.

    Attributes:
        patience: seconds without a heartbeat after which a holder is dead.
        clock: seconds that never go backwards.
    """

    patience: float = PATIENCE
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Path, tuple[object, float]] = field(default_factory=dict)

    def over(self, lease: Path) -> bool:
        """Return whether a lease was released, or its holder is dead.

        A holder on this machine is looked up; of one elsewhere the heartbeat must have
        been seen unchanged for as long as the patience lasts.
        """
        if released(lease):
            return True
        alive = owner_alive(lease)
        return self.quiet(lease) >= self.patience if alive is None else not alive

    def quiet(self, lease: Path) -> float:
        """Return the seconds for which a lease was seen without a new heartbeat."""
        now, beat = self.clock(), _beat(lease)
        before, since = self._seen.get(lease, (None, now))
        if lease not in self._seen or beat != before:
            self._seen[lease] = (beat, now)
            return 0.0
        return now - since

    def take(self, place: Path, beat: float = BEAT) -> Lease | None:
        """Return the lease of a thing, None where another process has it.

        Raises:
            OSError: where the folder cannot be written.
        """
        while True:
            place.mkdir(parents=True, exist_ok=True)
            number = newest(place)
            if number is not None and not self.over(lease_folder(place, number)):
                return None
            following = 0 if number is None else number + 1
            try:
                if not _put(place, following):  # another process was faster
                    return None
            except FileNotFoundError:  # it has finished, and the folder went
                continue
            lease = Lease(place, following, beat)
            if newest(place) != following:  # it was looked at long ago, and then taken
                lease.release()
                return None
            for old in range(following - 1):
                shutil.rmtree(lease_folder(place, old), ignore_errors=True)
            return lease


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Keep a thing to this process; another one waits until it is done.

    Raises:
        OSError: where the folder cannot be written.
    """
    watcher = Watcher()
    while (lease := watcher.take(place)) is None:
        time.sleep(POLL)
    try:
        yield
    finally:
        lease.release()


def _put(place: Path, number: int) -> bool:
    """Put a lease into its place with all that it says; return whether it is ours.

    A folder that is not empty, and no lease is, cannot be replaced by renaming another.
    """
    token = secrets.token_hex(8)
    made, lease = place / f"new-{token}", lease_folder(place, number)
    try:
        made.mkdir()
        (made / _BEAT).write_text(token, encoding="utf-8")
        owner = json.dumps(this_process().plain())
        (made / _OWNER).write_text(owner, encoding="utf-8")
        made.rename(lease)
        return True
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        with suppress(
            OSError
        ):  # NFS may do it, lose the answer, and fail to do it again
            if (lease / _BEAT).read_text(encoding="utf-8") == token:
                return True
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise


def newest(place: Path) -> int | None:
    """Return the number of the newest lease of a thing, None where there is none."""
    numbers = [int(name.name.partition("-")[2]) for name in place.glob("lease-*")]
    return max(numbers, default=None)


def lease_folder(place: Path, number: int) -> Path:
    """Return the folder of a lease, which is there from the moment it is taken."""
    return place / f"lease-{number}"


def released(lease: Path) -> bool:
    """Return whether a lease's holder has let the thing go."""
    return (lease / _RELEASED).exists()


def owner_of(lease: Path) -> Owner | None:
    """Return who took a lease, None where that is not written yet."""
    return read_owner(lease / _OWNER)


def owner_alive(lease: Path) -> bool | None:
    """Return whether a lease's holder lives; None where this machine cannot know."""
    owner = owner_of(lease)
    return None if owner is None else owner.alive()


def _beat(lease: Path) -> object:
    try:
        with (lease / _BEAT).open("rb") as file:  # NFS asks the server when it opens
            return os.fstat(file.fileno()).st_mtime_ns
    except OSError:
        return None
