"""How the training of a trial was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OWN = "own"
"""The protocol of a training that is not chosen: it is the spec's own."""


@dataclass(frozen=True)
class Chosen:
    """How the training of one trial was chosen on its fold's own training part.

    Attributes:
        protocol: that chose it.
        budget: of every trial, as the user said it; None where there is none.
        candidates: what was tried, with its score on the inner rows, None where it
            failed; the scores are of the metric that decides.
        chosen: the one that was taken.
        seconds: that the candidates trained.
        apart: keys of the resolved spec, in each of which the folds of one model may
            differ.
    """

    protocol: str
    budget: str | None
    candidates: tuple[tuple[Mapping[str, Any], float | None], ...]
    chosen: Mapping[str, Any]
    seconds: float
    apart: tuple[tuple[str, ...], ...] = ()

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
