"""What `ngn parity` finds out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ngn_core.checks.activations import Compared
from ngn_core.checks.own_graph import OwnGraph

ParityPrecision = Literal["float64", "float32"]


@dataclass(frozen=True)
class ParityNumber:
    """One number of a case's output.

    Attributes:
        key: under which it stands, with its place where there are several.
        ours: what the network gives.
        reference: what stands there.
        deviation: |ours - reference| / max(|reference|, median |reference|), the median
            over all numbers of the key in the folder.
    """

    key: str
    ours: float
    reference: float
    deviation: float

    @classmethod
    def of(cls, key: str, ours: float, reference: float, scale: float) -> ParityNumber:
        """Return a number with its deviation; `scale` is the folder's median."""
        apart = abs(ours - reference)
        size = max(abs(reference), scale)
        return cls(key, ours, reference, apart / size if size > 0 else apart)


@dataclass(frozen=True)
class CaseParity:
    """What was found for one crystal.

    Attributes:
        id: of the case.
        nodes: of the reference's graph.
        edges: of the reference's graph.
        outputs: every number of every key.
        activations: those that have a tap.
        own: the graphs that the spec builds itself, where that was asked.
        own_outputs: the numbers that those give, where the edges are the only ones
            that the rule allows.
    """

    id: str
    nodes: int
    edges: int
    outputs: tuple[ParityNumber, ...]
    activations: tuple[Compared, ...]
    own: tuple[OwnGraph, ...] = ()
    own_outputs: tuple[ParityNumber, ...] = ()


@dataclass(frozen=True)
class Parity:
    """How near a network comes to a reference.

    Attributes:
        spec: its name.
        folder: of the reference.
        importer: its name.
        dtype: precision of the network.
        tolerance: largest deviation.
        unused: why an array of the checkpoint is not in the network, by name.
        unseen: activations without a tap.
        left_out: cases that do not list their edges.
        cases: one a crystal.
    """

    spec: str
    folder: str
    importer: str
    dtype: ParityPrecision
    tolerance: float
    unused: Mapping[str, str]
    unseen: tuple[str, ...]
    left_out: tuple[str, ...]
    cases: tuple[CaseParity, ...]

    @property
    def worst(self) -> Mapping[str, float]:
        """Return the largest deviation of each key of the output."""
        return _worst(number for case in self.cases for number in case.outputs)

    @property
    def own_worst(self) -> Mapping[str, float]:
        """Return the same on the graphs that the spec builds."""
        return _worst(number for case in self.cases for number in case.own_outputs)

    @property
    def passed(self) -> bool:
        """Return whether every number and graph agrees.

        In float64 the activations have to agree, too; in float32 those that are small
        differences of large numbers cannot.
        """
        numbers = [*self.worst.values(), *self.own_worst.values()]
        if self.dtype == "float64":
            numbers += [
                float("nan") if one.deviation is None else one.deviation
                for case in self.cases
                for one in case.activations
            ]
        agree = all(number <= self.tolerance for number in numbers)
        return agree and all(own.passed for case in self.cases for own in case.own)


def _worst(numbers: Iterable[ParityNumber]) -> dict[str, float]:
    """Return the largest deviation of each key; NaN is larger than any."""
    found: dict[str, float] = {}
    for number in numbers:
        one, other = number.deviation, found.get(number.key, 0.0)
        found[number.key] = one if one >= other or one != one else other
    return found
