"""Processes beside others: they end with their parent, and wait without spinning."""

from __future__ import annotations

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """Let this worker end when its parent was killed; it would wait for work forever.

    A pool's workers hold both ends of its queue, and so see no end of it.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None, "called in a process that is no worker"

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def wait_briefly() -> None:
    """Let waiting threads sleep soon; only before torch is imported.

    GNU OpenMP lets them spin for milliseconds between the many small operations of a
    step. Beside other processes that takes the cores away from those that work: with
    two cores and a load of four, a step took 248 ms, and 110 ms after this.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
