"""How far a screening is, and where its time went."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """What was done, and the seconds of this call.

    Attributes:
        done: structures that have their row, those of earlier calls included.
        new: those of this call.
        graphs: seconds of all processes that read, checked and built.
        waited: seconds in which nothing was left but to wait for graphs.
        networks: seconds of predicting.
    """

    done: int = 0
    new: int = 0
    graphs: float = 0.0
    waited: float = 0.0
    networks: float = 0.0
