"""How long the threads of the numerical libraries wait for work."""

from __future__ import annotations

import os


def wait_briefly() -> None:
    """Let waiting threads sleep soon; only before torch is imported.

    GNU OpenMP lets them spin for milliseconds between the many small operations of a
    step. Beside other processes that takes the cores away from those that work: with
    two cores and a load of four, a step took 248 ms, and 110 ms after this.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
