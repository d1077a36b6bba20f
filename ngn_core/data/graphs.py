"""Graphs of a set of crystals: built once for each recipe, packed, cached."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from ngn_core import RESULTS_VERSION
from ngn_core.crystal.build import GraphBuilder
from ngn_core.crystal.crystal import Crystal
from ngn_core.data.cache import read_packed, write_packed
from ngn_core.data.packed import PackedGraphs, pack
from ngn_core.errors import SpecError, StructureError
from ngn_core.network.build import build_network, needed_columns
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import GraphSpec, Spec


@dataclass(frozen=True)
class GraphRecipe:
    """How graphs are built, and what of them is kept.

    Attributes:
        graph: the `graph:` section.
        columns: columns that the network reads, by level.
        origin: distributions and versions of the graph constructor and of what finds
            space groups.
    """

    graph: GraphSpec
    columns: Mapping[str, frozenset[str]]
    origin: tuple[str, ...]

    @classmethod
    def of(
        cls,
        graph: GraphSpec,
        columns: Mapping[str, frozenset[str]],
        registry: Registry,
    ) -> GraphRecipe:
        """Return the recipe of a spec's graph section."""
        kept = {level: names for level, names in columns.items() if level != "state"}
        constructor = registry.entry(graph.edges).origin
        return cls(graph, kept, (str(constructor), *finder_versions()))

    def builder(self) -> GraphBuilder:
        """Return what builds a graph.

        Raises:
            ValueError: where the network reads what the graph cannot give.
        """
        return GraphBuilder(self.graph.options, self.graph.edges.build(), self.columns)

    def digest(self) -> str:
        """Return the sha256 of everything that can change a graph."""
        columns = {level: sorted(names) for level, names in self.columns.items()}
        plain = [RESULTS_VERSION, self.graph.resolved(), columns, self.origin]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def finder_versions() -> list[str]:
    """Return the distributions that find space groups, with their versions."""
    return [f"{name} {metadata.version(name)}" for name in ("moyopy", "spglib")]


@dataclass(frozen=True)
class BuiltGraphs:
    """What became of a set of crystals.

    Attributes:
        graphs: of the crystals that became graphs; None where none did.
        number: place of each of those in `graphs`, by id.
        failures: the reason, for each that did not, by id.
        facts: what the graph builder found out about each, by id.
        seconds: time it took when they were built.
    """

    graphs: PackedGraphs | None
    number: Mapping[str, int]
    failures: Mapping[str, str]
    facts: Mapping[str, Mapping[str, Any]]
    seconds: float


def recipe_of(spec: Spec, registry: Registry) -> GraphRecipe:
    """Return how the graphs of a spec are built.

    Raises:
        SpecError: where its network cannot be built, or reads what its graph lacks.
    """
    needs = needed_columns(build_network(spec))
    recipe = GraphRecipe.of(spec.graph, needs, registry)
    try:
        recipe.builder()
    except ValueError as error:
        found = f"edges {spec.graph.edges.name}"
        raise SpecError([spec.problem("graph", found, str(error))]) from error
    return recipe


def build_graphs(
    ids: Sequence[str],
    crystals: Sequence[Crystal],
    recipe: GraphRecipe,
    cache: Path | None,
    progress: Callable[[int], None],
) -> BuiltGraphs:
    """Return the graphs of crystals, from the cache where they are in it.

    Args:
        ids: of the crystals.
        crystals: in the same order.
        recipe: how.
        cache: folder of cached graphs, or None.
        progress: is told how many crystals are done.
    """
    folder = None
    if cache is not None:
        folder = cache / _digest(ids, crystals, recipe)
        cached = _cached(folder)
        if cached is not None:
            progress(len(ids))
            return cached
    builder = recipe.builder()
    start = time.perf_counter()
    built, facts, failures = [], {}, {}
    for done, (name, crystal) in enumerate(zip(ids, crystals, strict=True)):
        progress(done)
        try:
            graph = builder(crystal)
        except StructureError as error:
            failures[name] = str(error)
            continue
        built.append(graph)
        facts[name] = dict(graph.facts)
    progress(len(ids))
    seconds = time.perf_counter() - start
    number = {name: place for place, name in enumerate(facts)}
    if not built:
        return BuiltGraphs(None, number, failures, facts, seconds)
    graphs = pack(built)
    if folder is not None:
        told = {"failures": failures, "facts": facts, "seconds": seconds}
        write_packed(graphs, told, folder)
    return BuiltGraphs(graphs, number, failures, facts, seconds)


def _cached(folder: Path) -> BuiltGraphs | None:
    """Return what was built before; None where it is missing or damaged."""
    found = read_packed(folder)
    if found is None:
        return None
    graphs, told = found
    number = {name: place for place, name in enumerate(told["facts"])}
    return BuiltGraphs(graphs, number, told["failures"], told["facts"], told["seconds"])


def _digest(
    ids: Sequence[str], crystals: Sequence[Crystal], recipe: GraphRecipe
) -> str:
    digest = hashlib.sha256(recipe.digest().encode())
    for name, crystal in zip(ids, crystals, strict=True):
        digest.update(json.dumps([name, crystal.species]).encode())
        digest.update(crystal.lattice.astype("<f8").tobytes())
        digest.update(crystal.frac.astype("<f8").tobytes())
        for column in sorted(crystal.columns):
            digest.update(column.encode())
            digest.update(crystal.columns[column].astype("<f8").tobytes())
    return digest.hexdigest()
