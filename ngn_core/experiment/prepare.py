"""Before training: the graphs of every spec, on the same crystals."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from ngn_core.dataset.composition import atom_counts
from ngn_core.dataset.crystal_set import CrystalSet, StateColumn, drop
from ngn_core.errors import DatasetError, Problem, SpecError
from ngn_core.experiment.reporter import Reporter
from ngn_core.packed.graphs import BuiltGraphs, build_graphs, fill_cache
from ngn_core.packed.needs import check_disorder
from ngn_core.packed.packed import PackedGraphs
from ngn_core.packed.recipe import GraphRecipe, recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import resolve_spec
from ngn_core.spec.spec import Spec
from ngn_core.training.job import TrialData
from ngn_core.training.target_scaler import needs_counts

_LISTED = 20


@dataclass(frozen=True)
class Prepared:
    """A dataset ready for the trials of every spec.

    Attributes:
        crystals: the crystals that every spec has a graph of.
        graphs: of those crystals in that order, by spec.
        facts: what the graph builder found out about each crystal, by spec and id.
        seconds: to build a graph, mean over the crystals, by spec.
    """

    crystals: CrystalSet
    graphs: dict[str, PackedGraphs]
    facts: dict[str, dict[str, Any]]
    seconds: dict[str, float]

    @cached_property
    def counts(self) -> Tensor | None:
        """Return the atoms of the given cells, [B, elements], where they are needed."""
        target = self.crystals.target
        if target is None or not needs_counts(target.task, target.declared):
            return None
        return torch.from_numpy(atom_counts(self.crystals.crystals))

    def trial_data(
        self, spec: str, train: Tensor, validation: Tensor, test: Tensor
    ) -> TrialData:
        """Return what a trial of a spec works on, from the numbers of its crystals."""
        target = self.crystals.target
        assert target is not None
        return TrialData(
            self.graphs[spec],
            torch.tensor(target.values),
            target.task,
            train,
            validation,
            test,
            target.declared,
            self.counts,
            self.crystals.ids,
        )

    def remarks(self) -> list[str]:
        """Return sentences on the crystals whose symmetry was not taken as found."""
        reasons: dict[str, str] = {}
        for spec, facts in self.facts.items():
            for name in self.crystals.ids:
                for key in ("symmetry_failure", "large_shift"):
                    if key in facts[name]:
                        reasons.setdefault(name, f"{facts[name][key]} (spec {spec})")
        listed = [f"Symmetry of {name}: {reason}" for name, reason in reasons.items()]
        if len(listed) > _LISTED:
            rest = f"Symmetry of {len(listed) - _LISTED} more crystals likewise."
            listed = [*listed[:_LISTED], rest]
        return listed


def prepare(
    specs: Sequence[Spec],
    crystals: CrystalSet,
    registry: Registry,
    cache: Path | None,
    on_bad_structure: Literal["error", "skip"],
    reporter: Reporter,
    jobs: int = 1,
) -> Prepared:
    """Return the graphs of all specs; a crystal that fails for one is left out for all.

    Raises:
        DatasetError: for crystals that cannot become graphs, if they are not skipped.
        SpecError: for specs that need what the dataset does not give.
    """
    built: dict[str, BuiltGraphs] = {}
    by_recipe: dict[str, BuiltGraphs] = {}
    problems: list[Problem] = []
    recipes: dict[str, GraphRecipe] = {}
    for spec in specs:
        try:
            recipes[spec.name] = recipe_of(spec, registry)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    check_disorder(specs, crystals)
    for name, recipe in recipes.items():
        digest = recipe.digest()
        if digest not in by_recipe:

            def progress(done: int, name: str = name) -> None:
                reporter.graphs(name, done, len(crystals))

            by_recipe[digest] = _built(
                crystals, recipe, cache, progress, jobs, reporter
            )
        built[name] = by_recipe[digest]
    failures: dict[str, str] = {}
    for name, graphs in built.items():
        for crystal, reason in graphs.failures.items():
            failures.setdefault(crystal, f"{reason} (spec {name})")
    if failures and on_bad_structure == "error":
        raise DatasetError(_refusal(crystals, failures))
    crystals = drop(crystals, failures)
    return Prepared(
        crystals,
        {name: _aligned(graphs, crystals) for name, graphs in built.items()},
        {name: dict(graphs.facts) for name, graphs in built.items()},
        {
            name: graphs.seconds / max(len(graphs.facts), 1)
            for name, graphs in built.items()
        },
    )


def _built(
    crystals: CrystalSet,
    recipe: GraphRecipe,
    cache: Path | None,
    progress: Callable[[int], None],
    jobs: int,
    reporter: Reporter,
) -> BuiltGraphs:
    """Return the graphs; a cache that cannot be written is done without."""
    try:
        return build_graphs(
            crystals.ids, crystals.crystals, recipe, cache, progress, jobs
        )
    except OSError as error:
        reporter.note(f"{error}; going on without the cache")
    return build_graphs(crystals.ids, crystals.crystals, recipe, None, progress)


@dataclass(frozen=True)
class Filled:
    """What was built into the cache for a spec.

    Attributes:
        built: crystals that were not in the cache, failures among them.
        failures: the reason, by id, for those that cannot become graphs.
        seconds: it took.
    """

    built: int
    failures: Mapping[str, str]
    seconds: float


def fill(
    specs: Sequence[Spec],
    crystals: CrystalSet,
    registry: Registry,
    cache: Path,
    reporter: Reporter,
    jobs: int,
) -> dict[str, Filled]:
    """Build missing graphs into the cache; return what was built, by spec.

    Raises:
        SpecError: for specs that need what their graph does not give.
        OSError: where the cache cannot be written.
    """
    filled = {}
    for spec in specs:
        recipe = recipe_of(spec, registry)
        start = time.perf_counter()

        def progress(done: int, name: str = spec.name) -> None:
            reporter.graphs(name, done, len(crystals))

        built, failures = fill_cache(
            crystals.ids, crystals.crystals, recipe, cache, progress, jobs
        )
        filled[spec.name] = Filled(built, failures, time.perf_counter() - start)
    return filled


def with_state(
    spec: Spec, state: StateColumn | None, registry: Registry
) -> Spec | None:
    """Return the spec with the state's column in place of a constant state.

    None where the spec has no global state.
    """
    if state is None or "state" not in spec.network.embed:
        return spec if state is None else None
    plain = spec.resolved()
    embed = plain["network"]["embed"]["state"]
    while embed["use"] != "constant" and isinstance(embed.get("of"), dict):
        embed = embed["of"]
    if embed["use"] != "constant":
        return spec
    embed.clear()
    if state.labels:
        embed.update({"use": "label", "labels": list(state.labels)})
    else:
        embed.update({"use": "number"})
    return replace(resolve_spec(plain, registry, spec.file), point=spec.point)


def _aligned(built: BuiltGraphs, crystals: CrystalSet) -> PackedGraphs:
    """Return graphs in the order of the crystals, with the state's column."""
    assert built.graphs is not None
    numbers = [built.number[name] for name in crystals.ids]
    graphs = built.graphs
    if numbers != list(range(len(graphs))):
        graphs = graphs.take(torch.tensor(numbers))
    state = crystals.state
    if state is not None:
        values = state.codes if state.numbers is None else state.numbers
        graphs = graphs.with_crystal_column("state", torch.tensor(values))
    return graphs


def _refusal(crystals: CrystalSet, failures: dict[str, str]) -> str:
    places = dict(zip(crystals.ids, crystals.where, strict=True))
    lines = [
        f"  {name} ({places[name]}): {reason}"
        for name, reason in list(failures.items())[:_LISTED]
    ]
    if len(failures) > _LISTED:
        lines.append(f"  and {len(failures) - _LISTED} more")
    return (
        f"{crystals.name}: {len(failures)} of {len(crystals)} crystals cannot become "
        "graphs; mend them, or leave them out with --on-bad-structure skip\n"
        + "\n".join(lines)
    )
