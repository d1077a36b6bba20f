"""The folder of results: a trial's folder is there whole, or not at all."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ngn_core.compare.result import RESULT, Result, read_result
from ngn_core.errors import TrialError

_PARTIAL = ".partial"
_DIGITS = 16


class Store:
    """Results under `runs/`, one folder a trial, named by its digest.

    Args:
        runs: the folder; made when the first trial begins.
    """

    def __init__(self, runs: Path) -> None:
        self.runs = runs

    def folder(self, digest: str) -> Path:
        """Return where a finished trial is."""
        return self.runs / digest[:_DIGITS]

    def has(self, digest: str) -> bool:
        """Return whether a trial is finished and whole."""
        try:
            return self.find(digest) is not None
        except TrialError:
            return False

    @contextmanager
    def claim(self, digest: str) -> Iterator[Path]:
        """Keep a trial to this process; another one waits until it is done.

        Yields:
            The folder that the trial works in, with what an interrupted one left.

        Raises:
            TrialError: where it cannot be made.
        """
        folder = self.runs / _PARTIAL / digest[:_DIGITS]
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            lock = folder.with_suffix(".lock").open("w")
        except OSError as error:
            raise self._unwritable(error) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel frees it, whatever happens
            try:
                folder.mkdir(exist_ok=True)
            except OSError as error:
                raise self._unwritable(error) from error
            yield folder

    def find(self, digest: str) -> Result | None:
        """Return a finished trial's result, None where there is none.

        Raises:
            TrialError: where the folder is there but damaged, or another trial's.
        """
        folder = self.folder(digest)
        if not folder.exists():
            return None
        result = read_result(folder)
        if result.digest != digest:
            raise TrialError(
                f"{folder}: holds trial {result.digest}, not {digest}; remove the "
                "folder, or start over with --fresh"
            )
        return result

    def _unwritable(self, error: OSError) -> TrialError:
        return TrialError(f"cannot write results to {self.runs}: {error}")

    def finish(self, digest: str) -> None:
        """Turn a claimed trial's working folder into its result, at once."""
        (self.runs / _PARTIAL / digest[:_DIGITS]).rename(self.folder(digest))

    def trace(self, digest: str) -> Path:
        """Return the file for the traceback of a trial that failed."""
        return self.runs / _PARTIAL / f"{digest[:_DIGITS]}.error.txt"

    def forget(self, digest: str) -> None:
        """Remove what is known of a trial, finished or not."""
        shutil.rmtree(self.folder(digest), ignore_errors=True)
        shutil.rmtree(self.runs / _PARTIAL / digest[:_DIGITS], ignore_errors=True)


def result_folders(path: Path) -> Iterator[Path]:
    """Yield the finished trials' folders that a path means: itself, or those in it."""
    if (path / RESULT).is_file():
        yield path
    elif path.is_dir():
        yield from (
            child for child in sorted(path.iterdir()) if (child / RESULT).is_file()
        )
