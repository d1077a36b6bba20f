"""The laws, measured on crystals a few at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.graph import LEVELS, CrystalGraph
from ngn_core.errors import StructureError
from ngn_core.network.build import needed_columns
from ngn_core.spec.spec import Spec
from ngn_core.testing.exempt import (
    ASYMMETRIC,
    CELL,
    ONCE,
    ORBITS,
    SINGLES,
    VACUUM,
    exemptions,
)
from ngn_core.testing.graphs import Built, Graphs, totals, weights
from ngn_core.testing.orbit_count import count_orbits, mistakes
from ngn_core.testing.subject import Step, Subject
from ngn_core.testing.verdict import Record
from ngn_core.testing.written import WRITINGS, with_more_vacuum

OUTPUTS, TRAINED = "outputs", "outputs in training"
GRADIENTS, STATISTICS, STORED = "gradients", "running statistics", "stored things"

_CELLS = ("given", "primitive", "conventional")
_MOST_CRYSTALS, _MOST_THINGS = 16, 20_000
_SMALLEST = 1e-4
"""Least scale of a gradient's deviation, as a part of the largest gradient: a bias
before a batch normalization has a gradient of rounding alone."""


class Laws:
    """Measures every law on the crystals that it is shown.

    Args:
        spec: the architecture, and how it builds graphs.
        seed: of the weights and of everything else that is random.
    """

    def __init__(self, spec: Spec, seed: int) -> None:
        self.seed = seed
        self.subject = Subject(spec, seed)
        self.graphs = Graphs(spec, needed_columns(self.subject.network), seed)
        self.exempt = exemptions(spec, self.subject.network)
        self.outputs: dict[str, float] = {}
        self.trained: dict[str, float] = {}
        self.records: dict[tuple[str, str], Record] = {}
        self.changed: dict[str, list[str]] = {}
        self.without_symmetry: dict[str, str] = {}
        self.unbuilt: dict[str, str] = {}
        self.random: bool = False
        self._things: dict[str, list[int]] = {}
        self._graphs: dict[str, int] = {}

    def measure(self, crystals: Mapping[str, Crystal]) -> None:
        """Measure all laws on some crystals.

        Args:
            crystals: by id; each is shown once.
        """
        own = self.graphs.build(crystals)
        self.unbuilt |= own.failures
        crystals = {name: crystals[name] for name in own.graphs}
        if not crystals:
            return
        for name, graph in own.graphs.items():
            for fact in ("symmetry_failure", "large_shift"):
                if fact in graph.facts:
                    self.without_symmetry[name] = str(graph.facts[fact])
        outputs = self.predict(own.graphs)
        self.outputs |= outputs
        self._writings(crystals, own.graphs, outputs)
        self._singles(own.graphs, outputs)
        self._vacuum(crystals, outputs)
        whole = self._built(crystals, own, symmetry="none")
        self._count("symmetry: none", whole)
        self._cells(crystals, whole)
        if ORBITS not in self.exempt:
            for symmetry, law in (("asymmetric", ASYMMETRIC), ("orbits", ORBITS)):
                reduced = self._built(crystals, own, symmetry=symmetry)
                self._count(f"symmetry: {symmetry}", reduced)
                self.compare(law, whole, reduced)
                self.compare_training(law, whole.graphs, reduced.graphs)
                self.compare_counts(law, crystals, whole.graphs, reduced.graphs)

    def sizes(self) -> dict[str, dict[str, float]]:
        """Return the mean number of things a crystal, by setting and level."""
        return {
            setting: {
                level: count / self._graphs[setting]
                for level, count in zip(LEVELS, counts, strict=False)
            }
            for setting, counts in self._things.items()
        }

    def predict(self, graphs: Mapping[str, CrystalGraph]) -> dict[str, float]:
        """Return the outputs in evaluation mode, by id."""
        found: dict[str, float] = {}
        for ids in _batches(graphs):
            outputs = self.subject.outputs(self.graphs.batch(graphs, ids))
            found |= zip(ids, outputs.tolist(), strict=True)
        return found

    def compare(self, law: str, wanted: Built, found: Built) -> None:
        """Measure how far outputs lie apart in two settings."""
        record = self._record(law, OUTPUTS)
        record.broken |= found.failures
        outputs = self.predict(wanted.graphs)
        for name, output in self.predict(found.graphs).items():
            record.apart[name] = abs(output - outputs[name])

    def compare_training(
        self,
        law: str,
        wanted: Mapping[str, CrystalGraph],
        found: Mapping[str, CrystalGraph],
    ) -> None:
        """Measure how far a step of training leads apart in two settings."""
        both = {name: graph for name, graph in wanted.items() if name in found}
        scale = torch.tensor(list(self.predict(both).values()))
        middle = float(scale.mean()) if len(scale) else 0.0
        spread = float(scale.std()) if len(scale) > 1 else 0.0
        for ids in _batches(both):
            steps = [
                self.subject.step(self.graphs.batch(graphs, ids), middle, spread or 1.0)
                for graphs in (wanted, found)
            ]
            if not self.trained:
                again = self.subject.step(
                    self.graphs.batch(wanted, ids), middle, spread or 1.0
                )
                self.random = not torch.equal(again.outputs, steps[0].outputs)
            self.trained |= zip(ids, steps[0].outputs.tolist(), strict=True)
            self._step(law, ids, *steps)

    def compare_counts(
        self,
        law: str,
        crystals: Mapping[str, Crystal],
        wanted: Mapping[str, CrystalGraph],
        found: Mapping[str, CrystalGraph],
    ) -> None:
        """Check what a quotient stores, and how often it counts."""
        once = law == ORBITS
        record = self._record(ONCE if once else law, STORED)
        for name, graph in found.items():
            whole = totals(wanted[name])
            if not np.allclose(totals(graph), whole, rtol=1e-9):
                record.broken[name] = f"it counts {totals(graph)} things of {whole}"
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

    def _writings(
        self,
        crystals: Mapping[str, Crystal],
        graphs: Mapping[str, CrystalGraph],
        outputs: Mapping[str, float],
    ) -> None:
        for law, write in WRITINGS.items():
            built = self.graphs.build(
                {
                    name: write(crystal, self.random_of(law, name))
                    for name, crystal in crystals.items()
                }
            )
            changes = {name: f"no graph: {why}" for name, why in built.failures.items()}
            for name, graph in built.graphs.items():
                change = changes_between(graphs[name], graph)
                if change is not None:
                    changes[name] = change
            if law not in self.exempt:
                for name, change in changes.items():
                    self.changed.setdefault(name, []).append(f"{law}: {change}")
            same = {n: graph for n, graph in built.graphs.items() if n not in changes}
            record = self._record(law, OUTPUTS)
            for name, output in self.predict(same).items():
                record.apart[name] = abs(output - outputs[name])

    def _singles(
        self, graphs: Mapping[str, CrystalGraph], outputs: Mapping[str, float]
    ) -> None:
        record = self._record(SINGLES, OUTPUTS)
        for name, graph in graphs.items():
            (output,) = self.predict({name: graph}).values()
            record.apart[name] = abs(output - outputs[name])

    def _vacuum(
        self, crystals: Mapping[str, Crystal], outputs: Mapping[str, float]
    ) -> None:
        wider = {name: with_more_vacuum(crystal) for name, crystal in crystals.items()}
        built = self.graphs.build({n: c for n, c in wider.items() if c is not None})
        record = self._record(VACUUM, OUTPUTS)
        for name, output in self.predict(built.graphs).items():
            record.apart[name] = abs(output - outputs[name])

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
        before = self._things.get(setting, [0] * len(counts))
        self._things[setting] = [a + b for a, b in zip(before, counts, strict=True)]
        self._graphs[setting] = self._graphs.get(setting, 0) + len(built.graphs)

    def _record(self, law: str, what: str) -> Record:
        return self.records.setdefault((law, what), Record(law, what))


def changes_between(before: CrystalGraph, after: CrystalGraph) -> str | None:
    """Return how space group or the number of things differ; None where they do not."""
    groups = [graph.facts.get("space_group_number") for graph in (before, after)]
    if groups[0] != groups[1]:
        return f"space group {groups[0]} becomes {groups[1]}"
    atoms = [float(graph.facts["cell_atoms"]) for graph in (before, after)]
    for level, one, two in zip(LEVELS, totals(before), totals(after), strict=False):
        if level != "node" and not math.isclose(one / atoms[0], two / atoms[1]):
            was, becomes = one / atoms[0], two / atoms[1]
            return f"{was:.6g} {level}s an atom become {becomes:.6g}"
    return None


def _batches(graphs: Mapping[str, CrystalGraph]) -> list[list[str]]:
    """Return ids in groups whose graphs fit into memory side by side."""
    groups: list[list[str]] = []
    things = 0
    for name, graph in graphs.items():
        size = max(len(level) for level in graph.levels)
        full = not groups or len(groups[-1]) == _MOST_CRYSTALS
        if full or things + size > _MOST_THINGS:
            groups.append([])
            things = 0
        groups[-1].append(name)
        things += size
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
