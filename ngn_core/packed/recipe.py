"""How the graphs of a spec are built: everything that can change one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata

from ngn_core import RESULTS_VERSION
from ngn_core.errors import SpecError
from ngn_core.graph.build import GraphBuilder
from ngn_core.graph.graph_constructor import GraphConstructor
from ngn_core.network.architecture import architecture_of
from ngn_core.packed.needs import STATE, graph_problems
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import GraphSpec, Spec


@dataclass(frozen=True)
class GraphRecipe:
    """How graphs are built, and what of them is kept.

    Attributes:
        graph: the `graph:` section.
        columns: columns that the network reads, by level.
        origin: distributions and versions of the graph constructors and of what finds
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
        kept = stored_columns(columns)
        constructors = [str(registry.entry(u).origin) for u in graph.edges.parts()]
        return cls(graph, kept, (*constructors, *finder_versions()))

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


def stored_columns(
    needs: Mapping[str, frozenset[str]],
) -> dict[str, frozenset[str]]:
    """Return the columns that graphs store for a network, by level.

    Args:
        needs: as an `Architecture` has them; of the `state`, what `--state` gives
            and the number of atoms are no columns of the crystal.
    """
    stored = {level: names for level, names in needs.items() if level != "state"}
    crystal = needs.get("state", frozenset()) - {STATE, "atoms"}
    return {**stored, "crystal": crystal} if crystal else stored


def finder_versions() -> list[str]:
    """Return the distributions that find space groups, with their versions."""
    return [f"{name} {metadata.version(name)}" for name in ("moyopy", "spglib")]


def recipe_of(spec: Spec, registry: Registry) -> GraphRecipe:
    """Return how the graphs of a spec are built.

    Raises:
        SpecError: where its network cannot be built, or reads what its graph lacks.
    """
    architecture = architecture_of(spec)
    constructor: GraphConstructor = spec.graph.edges.build()
    problems = graph_problems(spec, architecture.needs, constructor.gives)
    if problems:
        raise SpecError(problems)
    recipe = GraphRecipe.of(spec.graph, architecture.columns, registry)
    try:
        recipe.builder()
    except ValueError as error:
        found = f"edges {spec.graph.edges.name}"
        raise SpecError([spec.problem("graph", found, str(error))]) from error
    return recipe
