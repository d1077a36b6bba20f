"""The graphs of one crystal set in all the settings that the laws compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from ngn_core.checks.random_network import Step
from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import StructureError
from ngn_core.graph.build import GraphBuilder
from ngn_core.graph.graph import CrystalGraph
from ngn_core.network.batch import Batch
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.spec import Spec


@dataclass
class Built:
    """The graphs of crystals in one setting.

    Attributes:
        graphs: of the crystals that became graphs, by id.
        failures: the reason, for each that did not, by id.
        outputs: what the network gave for them, once it was asked, by id.
        steps: what training on some of them led to, by their ids.
    """

    graphs: dict[str, CrystalGraph] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, float] | None = None
    steps: dict[tuple[str, ...], Step] = field(default_factory=dict)


class Graphs:
    """Builds graphs as a spec says, or in another cell and symmetry.

    Args:
        spec: whose `graph:` section it is.
        columns: that the network reads, by level; `state` for the crystal's.
        seed: of the states where the network reads them from the dataset.
    """

    def __init__(
        self, spec: Spec, columns: Mapping[str, frozenset[str]], seed: int
    ) -> None:
        self.spec = spec
        self.columns = stored_columns(columns)
        self.reads_state = "state" in columns.get("state", ())
        self.seed = seed

    def options(self, **changes: Any) -> GraphOptions:
        """Return the options of the graph section, some of them changed."""
        return self.spec.graph.options.model_copy(update=changes)

    def build(self, crystals: Mapping[str, Crystal], **changes: Any) -> Built:
        """Return the graphs of crystals, with some options changed."""
        constructor = self.spec.graph.edges.build()
        builder = GraphBuilder(self.options(**changes), constructor, self.columns)
        built = Built()
        for name, crystal in crystals.items():
            try:
                built.graphs[name] = builder(crystal)
            except StructureError as error:
                built.failures[name] = str(error)
        return built

    def batch(self, graphs: Mapping[str, CrystalGraph], ids: Sequence[str]) -> Batch:
        """Return the graphs of some crystals side by side, in float64."""
        packed = pack([graphs[name] for name in ids])
        if self.reads_state:
            states = torch.tensor([self._state(name) for name in ids])
            packed = packed.with_crystal_column("state", states)
        return packed.to("cpu", torch.float64).batch(torch.arange(len(ids)))

    def _state(self, name: str) -> float:
        """Return a state for a crystal: a number, or the code of a label."""
        random = np.random.default_rng([self.seed, *name.encode()])
        for part in self.spec.network.embed["state"].parts():
            labels = getattr(part.options, "labels", ())
            if labels:
                return float(random.integers(len(labels)))
        return float(random.normal())


def weights(graph: CrystalGraph) -> list[np.ndarray]:
    """Return how often each item counts for the crystal, level by level."""
    found: list[np.ndarray] = []
    for level in graph.levels:
        weight = np.asarray(level.multiplicity, dtype=np.float64)
        if level.index is not None:
            weight = weight * found[-1][level.index[1]]
        found.append(weight)
    return found


def totals(graph: CrystalGraph) -> list[float]:
    """Return the number of items of the whole cell, level by level."""
    return [float(weight.sum()) for weight in weights(graph)]


def with_levels(graph: CrystalGraph, changes: Mapping[int, Any]) -> CrystalGraph:
    """Return a graph with some of its levels replaced."""
    levels = [changes.get(place, level) for place, level in enumerate(graph.levels)]
    return replace(graph, levels=tuple(levels))
