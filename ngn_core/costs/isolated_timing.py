"""The exclusive pass: specs measured in turn, one at a time, after a warm-up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from ngn_core.costs.cost import Turn
from ngn_core.costs.sample import representative
from ngn_core.costs.system_load import SystemLoad
from ngn_core.experiment.prepare import Prepared
from ngn_core.graph.build import GraphBuilder
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec
from ngn_core.training.job import TrialData
from ngn_core.training.throughput import Throughput, measure_throughput

TURNS = 5
"""Turns of each spec whose median is taken."""

STRETCH = 0.3
"""Seconds that an epoch, or a building of graphs, lasts at least, where it can."""

MOST_BATCHES = 16
"""Batches of an epoch at most."""

MOST_BUILT = 64
"""Graphs that are built in a turn at most."""

Clock = Callable[[], float]
Measure = Callable[[Spec, TrialData, torch.device], Throughput]


@dataclass
class TimedSpec:
    """A spec that is measured.

    Attributes:
        spec: architecture and training.
        prepared: with its graphs.
        builder: of its graphs.
        most: crystals of an epoch at most: those of a training part.
        crystals: of an epoch, once the warm-up has said how many.
        turns: so far.
        throughput: of the last turn.
        failure: why it could not be measured, None while it can.
    """

    spec: Spec
    prepared: Prepared
    builder: GraphBuilder
    most: int
    crystals: int = 0
    turns: list[Turn] = field(default_factory=list)
    throughput: Throughput | None = None
    failure: str | None = None

    @property
    def batch_size(self) -> int:
        """Return the crystals of a step."""
        target = self.prepared.crystals.target
        assert target is not None
        return self.spec.train[target.task].batch_size

    def data(self) -> TrialData:
        """Return as many crystals as an epoch has, to train on and to predict."""
        crystals = self.prepared.crystals.crystals
        places = torch.from_numpy(representative(crystals, self.crystals))
        nothing = places[:0]
        whole = self.prepared.trial_data(self.spec.name, places, nothing, places)
        numbers = torch.arange(len(places))
        return TrialData(
            whole.graphs.take(places),
            whole.targets[places],
            whole.task,
            numbers,
            nothing,
            numbers,
            whole.declared,
            whole.counts_of(places),
        )


def make_timed_specs(
    specs: Sequence[Spec], prepared: Prepared, registry: Registry
) -> list[TimedSpec]:
    """Return what is measured, each epoch a batch at first."""
    crystals = prepared.crystals
    most = len(crystals)
    if crystals.fold is not None:
        most = max(len(crystals.parts(fold)[0]) for fold in range(crystals.n_folds))
    found = []
    for spec in specs:
        subject = TimedSpec(spec, prepared, recipe_of(spec, registry).builder(), most)
        subject.crystals = min(subject.batch_size, most)
        found.append(subject)
    return found


def measure_in_turn(
    subjects: Sequence[TimedSpec],
    device: torch.device,
    tell: Callable[[int], None],
    turns: int = TURNS,
    limit: float | None = None,
    clock: Clock = time.perf_counter,
    measure: Measure = measure_throughput,
) -> None:
    """Measure subjects one at a time, in alternation, after a turn that warms up.

    Args:
        subjects: get their turns.
        device: where to train.
        tell: is told the turns done, the warm-up being one.
        turns: of each.
        limit: seconds after which no further round begins; there is one at least.
        clock: seconds.
        measure: how a training is measured.

    What a spec raises is kept as its failure, and the others go on.
    """
    begun = clock()
    built = [MOST_BUILT]

    def each(work: Callable[[TimedSpec], None]) -> None:
        for subject in subjects:
            if subject.failure is None:
                try:
                    work(subject)
                except Exception as error:  # a plugin may raise anything
                    subject.failure = f"{type(error).__name__}: {error}"

    each(lambda subject: built.append(_warm_up(subject, device, clock, measure)))
    tell(1)
    for turn in range(turns):
        each(lambda subject: _turn(subject, min(built), device, clock, measure))
        tell(turn + 2)
        if limit is not None and clock() - begun >= limit:
            break


def _warm_up(
    subject: TimedSpec, device: torch.device, clock: Clock, measure: Measure
) -> int:
    """Choose the crystals of an epoch; return how many graphs are built in a stretch.

    What a first call loads and compiles is loaded and compiled after it.
    """
    throughput = measure(subject.spec, subject.data(), device)
    step = throughput.train * subject.batch_size
    batches = min(max(round(STRETCH / max(step, 1e-9)), 1), MOST_BATCHES)
    subject.crystals = min(batches * subject.batch_size, subject.most)
    subject.throughput = throughput
    crystals = subject.prepared.crystals.crystals
    places = representative(crystals, MOST_BUILT)
    subject.builder(crystals[places[0]])
    begun = clock()
    for done, place in enumerate(places, start=1):
        subject.builder(crystals[place])
        if clock() - begun >= STRETCH:
            return done
    return len(places)


def _turn(
    subject: TimedSpec,
    built: int,
    device: torch.device,
    clock: Clock,
    measure: Measure,
) -> None:
    others = SystemLoad()
    throughput = measure(subject.spec, subject.data(), device)
    seconds = build_seconds(subject, built, clock)
    subject.throughput = throughput
    subject.turns.append(
        Turn(
            seconds,
            throughput.train,
            throughput.infer,
            throughput.memory,
            others.cores(),
        )
    )


def build_seconds(subject: TimedSpec, count: int, clock: Clock) -> float:
    """Return the seconds to build the graph of a crystal, afresh, mean over some."""
    crystals = subject.prepared.crystals.crystals
    places: np.ndarray = representative(crystals, MOST_BUILT)[:count]
    begun = clock()
    for place in places:
        subject.builder(crystals[place])
    return (clock() - begun) / len(places)
