"""How the training of every spec in a comparison is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ProtocolName = Literal["published", "equal", "tuned"]

LEARNING_RATES = (1.0e-4, 3.0e-4, 1.0e-3, 3.0e-3)
"""What `equal` picks from, the same for every spec."""


@dataclass(frozen=True)
class Chosen:
    """How the training of one trial was chosen on its fold's own training part.

    Attributes:
        protocol: `equal` or `tuned`; what is published is not chosen.
        budget: of every trial, as the user said it; None where there is none.
        candidates: what was tried, with its score on the inner rows, None where it
            failed; the scores are of the metric that decides.
        chosen: the one that was taken.
        seconds: that the candidates trained.
    """

    protocol: ProtocolName
    budget: str | None
    candidates: tuple[tuple[Mapping[str, Any], float | None], ...]
    chosen: Mapping[str, Any]
    seconds: float

    def resolved(self) -> dict[str, Any]:
        """Return what of it tells one trial from another, beside the resolved spec."""
        return {"name": self.protocol, "budget": self.budget}

    def plain(self) -> dict[str, Any]:
        """Return all of it as plain data, for the result."""
        return {
            "candidates": [
                {**candidate, "score": score} for candidate, score in self.candidates
            ],
            "chosen": dict(self.chosen),
            "seconds": self.seconds,
        }
