"""The laws, measured on crystals a few at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ngn_core.checks.equivalent_cells import EQUIVALENT_CELLS, with_more_vacuum
from ngn_core.checks.exempt import (
    ASYMMETRIC,
    CELL,
    ONCE,
    ORBITS,
    SINGLES,
    VACUUM,
    exemptions,
)
from ngn_core.checks.graphs import Built, Graphs, totals, weights
from ngn_core.checks.law_report import Record
from ngn_core.checks.orbit_count import count_orbits, mistakes
from ngn_core.checks.output_scale import measure_output_scale
from ngn_core.checks.random_network import RandomNetwork, Step
from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import StructureError
from ngn_core.graph.graph import LEVELS, CrystalGraph
from ngn_core.network.architecture import architecture_of
from ngn_core.spec.spec import Spec

OUTPUTS, TRAINED = "outputs", "outputs in training"
GRADIENTS, STATISTICS, STORED = "gradients", "running statistics", "stored items"

_CELLS = ("given", "primitive", "conventional")
_MOST_CRYSTALS, _MOST_ITEMS = 16, 20_000
_SMALLEST = 1e-4
"""Least scale of a gradient's deviation, as a part of the largest gradient: a bias
before a batch normalization has a gradient of rounding alone."""

_PAIRS = (
    *((76, 78), (91, 95), (92, 96), (144, 145), (151, 153), (152, 154)),
    *((169, 170), (171, 172), (178, 179), (180, 181), (212, 213)),
)
_OTHER_HAND: Mapping[int | None, int] = {
    **dict(_PAIRS),
    **{second: first for first, second in _PAIRS},
}
"""The group of the mirror image, for the 11 pairs of enantiomorphic groups."""


class Laws:
    """Measures every law on the crystals that it is shown.

    Args:
        spec: the architecture, and how it builds graphs.
        seed: of the weights and of everything else that is random.
    """

    def __init__(self, spec: Spec, seed: int) -> None:
        self.seed = seed
        self.subject = RandomNetwork(spec, seed)
        self.graphs = Graphs(spec, architecture_of(spec).columns, seed)
        self.exempt = exemptions(spec)
        self.outputs: dict[str, float] = {}
        self.trained: dict[str, float] = {}
        self.records: dict[tuple[str, str], Record] = {}
        self.changed: dict[str, list[str]] = {}
        self.without_symmetry: dict[str, str] = {}
        self.unbuilt: dict[str, str] = {}
        self.random: bool = False
        self._items: dict[str, list[int]] = {}
        self._graphs: dict[str, int] = {}

    def measure(self, crystals: Mapping[str, Crystal]) -> None:
        """Measure all laws on some crystals.

        Args:
            crystals: by id; each is shown once.
        """
        own = self.graphs.build(crystals)
        self.unbuilt |= own.failures
        own.failures = {}
        crystals = {name: crystals[name] for name in own.graphs}
        if not crystals:
            return
        for name, graph in own.graphs.items():
            for fact in ("symmetry_failure", "large_shift"):
                if fact in graph.facts:
                    self.without_symmetry[name] = str(graph.facts[fact])
        self.outputs |= self.predict(own)
        for law in EQUIVALENT_CELLS:
            self._writing(law, crystals, own)
        self._singles(own)
        self._vacuum(crystals, own)
        whole = self._built(crystals, own, symmetry="none")
        self._count("symmetry: none", whole)
        self._cells(crystals, whole)
        for symmetry, law in (("asymmetric", ASYMMETRIC), ("orbits", ORBITS)):
            if law in self.exempt:
                continue
            reduced = self._built(crystals, own, symmetry=symmetry)
            self._count(f"symmetry: {symmetry}", reduced)
            self.compare(law, whole, reduced)
            self.compare_training(law, whole, reduced)
            self.compare_counts(law, crystals, whole, reduced)

    def sizes(self) -> dict[str, dict[str, float]]:
        """Return the mean number of items a crystal, by setting and level."""
        return {
            setting: {
                level: count / max(self._graphs[setting], 1)
                for level, count in zip(LEVELS, counts, strict=False)
            }
            for setting, counts in self._items.items()
        }

    def predict(self, built: Built) -> dict[str, float]:
        """Return the outputs in evaluation mode, by id."""
        if built.outputs is None:
            built.outputs = {}
            for ids in _batches(built.graphs):
                outputs = self.subject.outputs(self.graphs.batch(built.graphs, ids))
                built.outputs |= zip(ids, outputs.tolist(), strict=True)
        return built.outputs

    def compare(self, law: str, wanted: Built, found: Built) -> None:
        """Measure how far outputs lie apart in two settings."""
        record = self._record(law, OUTPUTS)
        record.broken |= {**found.failures, **wanted.failures}
        outputs = self.predict(wanted)
        for name, output in self.predict(found).items():
            if name in outputs:
                record.apart[name] = abs(output - outputs[name])

    def compare_training(self, law: str, wanted: Built, found: Built) -> None:
        """Measure how far a step of training leads apart in two settings."""
        outputs = self.predict(wanted)
        scale = (
            float(np.mean(list(outputs.values()))),
            measure_output_scale(outputs) or 1.0,
        )
        for every in _batches(wanted.graphs):
            ids = tuple(name for name in every if name in found.graphs)
            if not ids:
                continue
            if not self.trained:
                first, second = (
                    self._trained(Built(wanted.graphs), ids, *scale) for _ in range(2)
                )
                self.random = not torch.equal(first.outputs, second.outputs)
            before = self._trained(wanted, ids, *scale)
            self.trained |= zip(ids, before.outputs.tolist(), strict=True)
            self._step(law, ids, before, self._trained(found, ids, *scale))

    def compare_counts(
        self, law: str, crystals: Mapping[str, Crystal], wanted: Built, found: Built
    ) -> None:
        """Check what a quotient stores, and how often it counts."""
        once = law == ORBITS
        record = self._record(ONCE if once else law, STORED)
        both = (name for name in found.graphs if name in wanted.graphs)
        for name in both:
            graph, whole = found.graphs[name], totals(wanted.graphs[name])
            if not np.allclose(totals(graph), whole, rtol=1e-9):
                record.broken[name] = f"it counts {totals(graph)} items of {whole}"
                continue
            record.sound.add(name)
            if once:
                wrong = self._orbits(crystals[name], graph, whole)
                if wrong is not None:
                    record.broken[name] = wrong

    def random_of(self, *names: str) -> np.random.Generator:
        """Return random numbers that belong to a crystal and a law."""
        return np.random.default_rng([self.seed, *"\0".join(names).encode()])

    def _built(self, crystals: Mapping[str, Crystal], own: Built, **how: str) -> Built:
        """Return graphs in another setting, those as the spec says where it is none."""
        options = self.graphs.options()
        if all(getattr(options, key) == value for key, value in how.items()):
            return own
        return self.graphs.build(crystals, **how)

    def _writing(self, law: str, crystals: Mapping[str, Crystal], own: Built) -> None:
        """Measure the law that a crystal is the same when written another way."""
        other = {
            name: EQUIVALENT_CELLS[law](crystal, self.random_of(law, name))
            for name, crystal in crystals.items()
        }
        built = self.graphs.build(other)
        changes = {name: f"no graph: {why}" for name, why in built.failures.items()}
        for name, graph in built.graphs.items():
            before = own.graphs[name]
            change = changes_between(before, graph, is_mirror=law == "mirror")
            if change is not None:
                changes[name] = change
        if law not in self.exempt:
            for name, change in changes.items():
                self.changed.setdefault(name, []).append(f"{law}: {change}")
        same = {n: graph for n, graph in built.graphs.items() if n not in changes}
        self.compare(law, own, Built(same))

    def _singles(self, own: Built) -> None:
        alone = Built(own.graphs, outputs={})
        assert alone.outputs is not None
        for name, graph in own.graphs.items():
            alone.outputs |= self.predict(Built({name: graph}))
        self.compare(SINGLES, own, alone)

    def _vacuum(self, crystals: Mapping[str, Crystal], own: Built) -> None:
        wider = {name: with_more_vacuum(crystal) for name, crystal in crystals.items()}
        built = self.graphs.build({n: c for n, c in wider.items() if c is not None})
        self.compare(VACUUM, own, Built(built.graphs))

    def _trained(
        self, built: Built, ids: tuple[str, ...], middle: float, spread: float
    ) -> Step:
        if ids not in built.steps:
            batch = self.graphs.batch(built.graphs, ids)
            built.steps[ids] = self.subject.step(batch, middle, spread)
        return built.steps[ids]

    def _cells(self, crystals: Mapping[str, Crystal], whole: Built) -> None:
        if CELL in self.exempt:
            return
        for cell in _CELLS:
            if cell != self.graphs.options().cell:
                built = self.graphs.build(crystals, symmetry="none", cell=cell)
                self._count(f"cell: {cell}, symmetry: none", built)
                self._worse(built, whole)

    def _worse(self, built: Built, whole: Built) -> None:
        """Measure the law of cells; of several cells the largest deviation stays."""
        before = self._record(CELL, OUTPUTS).apart.copy()
        self.compare(CELL, whole, built)
        apart = self._record(CELL, OUTPUTS).apart
        for name, value in before.items():
            if name not in apart or value > apart[name] or math.isnan(value):
                apart[name] = value

    def _orbits(
        self, crystal: Crystal, graph: CrystalGraph, whole: list[float]
    ) -> str | None:
        options = self.graphs.options(symmetry="orbits")
        spec = replace(self.graphs.spec.graph, options=options)
        try:
            orbits = count_orbits(crystal, spec, self.graphs.columns)
        except StructureError as error:
            return f"the idealized crystal's orbits cannot be counted: {error}"
        cell_atoms = int(graph.facts["cell_atoms"])
        return mistakes(orbits, weights(graph), whole, cell_atoms)

    def _step(self, law: str, ids: Sequence[str], wanted: Step, found: Step) -> None:
        trained = self._record(law, TRAINED)
        apart = (found.outputs - wanted.outputs).abs()
        trained.apart |= zip(ids, apart.tolist(), strict=True)
        largest = max(
            (float(g.abs().max()) for g in wanted.gradients.values()), default=0.0
        )
        gradients = _largest_part(
            wanted.gradients, found.gradients, _SMALLEST * largest
        )
        self._record(law, GRADIENTS).apart |= dict.fromkeys(ids, gradients)
        moved = dict(self.subject.network.named_buffers())
        statistics = {
            name: value
            for name, value in wanted.statistics.items()
            if not torch.equal(value, moved[name])
        }
        if statistics:
            part = _largest_part(statistics, found.statistics, 0.0)
            self._record(law, STATISTICS).apart |= dict.fromkeys(ids, part)

    def _count(self, setting: str, built: Built) -> None:
        counts = [
            sum(len(graph.levels[place]) for graph in built.graphs.values())
            for place in range(2 + len(self.graphs.options().nest))
        ]
        before = self._items.get(setting, [0] * len(counts))
        self._items[setting] = [a + b for a, b in zip(before, counts, strict=True)]
        self._graphs[setting] = self._graphs.get(setting, 0) + len(built.graphs)

    def _record(self, law: str, what: str) -> Record:
        return self.records.setdefault((law, what), Record(law, what))


def changes_between(
    before: CrystalGraph, after: CrystalGraph, *, is_mirror: bool = False
) -> str | None:
    """Return how space group or the number of items differ; None where they do not.

    A mirror turns each group of an enantiomorphic pair into the other one.
    """
    group, becomes = (g.facts.get("space_group_number") for g in (before, after))
    expected = _OTHER_HAND.get(group, group) if is_mirror else group
    if becomes != expected:
        return f"space group {group} becomes {becomes}"
    atoms = [float(graph.facts["cell_atoms"]) for graph in (before, after)]
    for level, one, two in zip(LEVELS, totals(before), totals(after), strict=False):
        if level != "node" and not math.isclose(one / atoms[0], two / atoms[1]):
            was, now = one / atoms[0], two / atoms[1]
            return f"{was:.6g} {level}s an atom become {now:.6g}"
    return None


def _batches(graphs: Mapping[str, CrystalGraph]) -> list[list[str]]:
    """Return ids in groups whose graphs fit into memory side by side."""
    groups: list[list[str]] = []
    items = 0
    for name, graph in graphs.items():
        size = max(len(level) for level in graph.levels)
        full = not groups or len(groups[-1]) == _MOST_CRYSTALS
        if full or items + size > _MOST_ITEMS:
            groups.append([])
            items = 0
        groups[-1].append(name)
        items += size
    return groups


def _largest_part(
    wanted: Mapping[str, Tensor], found: Mapping[str, Tensor], floor: float
) -> float:
    """Return the largest deviation of a tensor, relative to its largest entry."""
    parts = [0.0]
    for name, value in wanted.items():
        apart = float((found[name] - value).abs().max()) if value.numel() else 0.0
        scale = max(float(value.abs().max()) if value.numel() else 0.0, floor)
        if apart > 0 or math.isnan(apart):
            parts.append(apart / scale if scale > 0 else math.inf)
    return math.nan if any(map(math.isnan, parts)) else max(parts)
