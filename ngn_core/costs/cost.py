"""What one spec costs at one place, measured with nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from ngn_core.costs.hardware import Hardware

QUIET = 0.1
"""Share of the machine's cores that others may use before a measurement is noisy."""


@dataclass(frozen=True)
class Turn:
    """What was measured of a spec in one turn.

    Attributes:
        build: seconds to build the graph of a crystal, without a cache.
        train: seconds to train on a crystal, once.
        infer: seconds to predict a crystal.
        memory: peak of the training beside the graphs, MiB; None where unknown.
        others: cores that other processes kept busy; None where unknown.
    """

    build: float
    train: float
    infer: float
    memory: float | None
    others: float | None


@dataclass(frozen=True)
class Cost:
    """What a spec costs at one place.

    Attributes:
        model: digest of spec, components and dataset, as in its results.
        spec: its name.
        environment: hardware and versions.
        measured: when, UTC.
        batch_size: crystals a step.
        crystals: how many an epoch of the measurement trained on.
        parameters: that are trained.
        flops: floating point operations of a prediction, a crystal.
        turns: in alternation with the other specs', without the one that warmed up.
    """

    model: str
    spec: str
    environment: Mapping[str, Any]
    measured: str
    batch_size: int
    crystals: int
    parameters: int
    flops: float
    turns: tuple[Turn, ...]

    @cached_property
    def hardware(self) -> Hardware:
        """Return where it was measured."""
        return Hardware.of(self.environment)

    @property
    def build(self) -> float:
        """Return the seconds to build the graph of a crystal, median."""
        return median(turn.build for turn in self.turns)

    @property
    def train(self) -> float:
        """Return the seconds to train on a crystal once, median."""
        return median(turn.train for turn in self.turns)

    @property
    def infer(self) -> float:
        """Return the seconds to predict a crystal, median."""
        return median(turn.infer for turn in self.turns)

    @property
    def memory(self) -> float | None:
        """Return the peak memory of training, MiB, median."""
        known = [turn.memory for turn in self.turns if turn.memory is not None]
        return median(known) if known else None

    @property
    def others(self) -> float | None:
        """Return the cores that others kept busy, median."""
        known = [turn.others for turn in self.turns if turn.others is not None]
        return median(known) if known else None

    @property
    def spread(self) -> float:
        """Return (slowest - fastest) / median of the turns' training."""
        times = [turn.train for turn in self.turns]
        return (max(times) - min(times)) / median(times)

    @property
    def noisy(self) -> bool:
        """Return whether other processes worked beside the measurement."""
        return self.others is not None and self.others > QUIET * self.hardware.cores
