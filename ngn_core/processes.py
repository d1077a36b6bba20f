"""Worker processes do not outlive the process that gives them work."""

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
