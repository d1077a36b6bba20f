"""What a comparison will take, from what a few batches took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ngn_core.comparison.work import PlannedWork
from ngn_core.costs.cost import QUIET
from ngn_core.costs.hardware import Hardware
from ngn_core.costs.isolated_timing import TURNS, TimedSpec
from ngn_core.packed.packed import PackedGraphs
from ngn_core.summary.numbers import format_duration, memory

_PREDICTION = 48
"""Bytes of a crystal's row of predictions, about."""

_ROW = 96
"""Bytes of an epoch's row of the learning curve, about."""

_WEIGHT = 4
"""Bytes of a weight."""


@dataclass(frozen=True)
class Packed:
    """The packed graphs of a spec.

    Attributes:
        recipe: digest of how they are built; specs with one recipe share them.
        host: bytes of a crystal's graph, as it is kept.
        device: bytes of a crystal's graph where the spec trains.
        missing: crystals whose graphs have to be built.
    """

    recipe: str
    host: float
    device: float
    missing: int


@dataclass(frozen=True)
class SpecEstimate:
    """What one spec will take.

    Attributes:
        work: its trials.
        graphs: seconds to build its graphs; 0 where another spec builds them.
        training: seconds of all its trials.
        pass_: seconds of the exclusive pass afterwards.
        memory: MiB where it trains: graphs, weights, optimizer, activations; None where
            unknown.
        disk: MiB of graphs and results that stay.
    """

    work: PlannedWork
    graphs: float
    training: float
    pass_: float
    memory: float | None
    disk: float

    @property
    def seconds(self) -> float:
        """Return the seconds of all that is done for the spec."""
        return self.graphs + self.training + self.pass_


@dataclass(frozen=True)
class Estimate:
    """What the comparison on one target will take.

    Attributes:
        dataset: its name.
        target: its name.
        crystals: how many.
        n_folds: how many.
        seeds: trials a fold.
        specs: what each spec will take.
        reading: seconds to read and select the crystals.
        base: MiB of the process without graphs; None where unknown.
        host: MiB of all graphs in the memory of the host.
        place: where it was measured, and is meant for.
        others: cores that other processes kept busy meanwhile; None where unknown.
    """

    dataset: str
    target: str
    crystals: int
    n_folds: int
    seeds: int
    specs: tuple[SpecEstimate, ...]
    reading: float
    base: float | None
    host: float
    place: Hardware
    others: float | None

    @property
    def seconds(self) -> float:
        """Return the seconds of the whole."""
        return self.reading + sum(spec.seconds for spec in self.specs)

    @property
    def memory(self) -> float | None:
        """Return the MiB of the host's memory at most; None where unknown."""
        known = [spec.memory for spec in self.specs if spec.memory is not None]
        if self.base is None or len(known) < len(self.specs):
            return None
        on_host = 0.0 if self.place.device == "cuda" else max(known, default=0.0)
        return self.base + self.host + on_host

    @property
    def device_memory(self) -> float | None:
        """Return the MiB of a GPU's memory at most; None without one."""
        known = [spec.memory for spec in self.specs if spec.memory is not None]
        return max(known, default=None) if self.place.device == "cuda" else None

    @property
    def disk(self) -> float:
        """Return the MiB on disk."""
        return sum(spec.disk for spec in self.specs)

    def sentence(self) -> str:
        """Return the time and memory of what is left to do, in one sentence."""
        trials = sum(spec.work.trials for spec in self.specs)
        each = ", ".join(
            f"{s.work.spec} {format_duration(s.seconds)}" for s in self.specs
        )
        needs = "" if self.memory is None else f" and {memory(self.memory)} of memory"
        busy = "; the machine is busy with other work" if self.noisy else ""
        return (
            f"{trials:,} trials will take about {format_duration(self.seconds)}{needs} "
            f"on {self.place.words()} ({each}{busy})"
        )

    @property
    def noisy(self) -> bool:
        """Return whether other processes worked beside the measurement."""
        return self.others is not None and self.others > QUIET * self.place.cores


def spec_estimate(
    subject: TimedSpec,
    work: PlannedWork,
    packed: Packed,
    crystals: int,
    *,
    jobs: int,
    costs: bool,
    turn: float,
) -> SpecEstimate:
    """Return what a spec will take, in proportion to what its turns took.

    Args:
        subject: with its turns.
        work: its trials.
        packed: its graphs.
        crystals: of the whole dataset.
        jobs: processes that build graphs.
        costs: whether the exclusive pass runs afterwards.
        turn: seconds of one of its turns.
    """
    assert subject.throughput is not None
    build, train, infer = (
        median(getattr(one, name) for one in subject.turns)
        for name in ("build", "train", "infer")
    )
    epoch = work.train * train + work.validation * infer
    around = max(subject.throughput.trial, 0.0)
    trial = around + work.epochs * epoch + work.test * infer
    memory = [one.memory for one in subject.turns if one.memory is not None]
    kept = packed.missing * packed.host
    results = work.trials * (
        _WEIGHT * subject.throughput.parameters
        + _PREDICTION * work.test
        + _ROW * work.epochs
    )
    return SpecEstimate(
        work=work,
        graphs=packed.missing * build / jobs,
        training=work.trials * trial,
        pass_=(TURNS + 1) * turn if costs else 0.0,
        memory=crystals * packed.device / 2**20 + max(memory) if memory else None,
        disk=(kept + results) / 2**20,
    )


def bytes_on_host(graphs: PackedGraphs) -> int:
    """Return the bytes of packed graphs."""
    return sum(values.nbytes for values in graphs.tensors())


def total_host(packed: Sequence[Packed], crystals: int) -> float:
    """Return the MiB of all graphs, those of one recipe once."""
    by_recipe = {one.recipe: one.host for one in packed}
    return crystals * sum(by_recipe.values()) / 2**20
