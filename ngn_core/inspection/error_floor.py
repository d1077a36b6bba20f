"""Crystals that a spec cannot tell apart, and the error that is left at best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ngn_core.dataset.crystal_set import CrystalSet, take
from ngn_core.experiment.pooling import with_pooling
from ngn_core.network.build import build_network
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.packed import PackedGraphs
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec
from ngn_core.training.inference import infer

DRAWS = 3
"""Random networks that have to agree."""

SAME = 1e-6
"""Outputs nearer than this, over their root mean square, are the same."""

_BATCH = 64


@dataclass(frozen=True)
class EqualGraphs:
    """Crystals with equal graphs: their ids and targets, and how far these spread."""

    ids: tuple[str, ...]
    values: tuple[float, ...]

    @property
    def spread(self) -> float:
        """Return the difference between the largest and the smallest target."""
        return max(self.values) - min(self.values)


@dataclass(frozen=True)
class ErrorFloor:
    """What a spec cannot do better than, whatever its weights.

    Attributes:
        spec: its name.
        crystals: how many there are.
        compared: those of them with a formula duplicate, whose graphs were compared.
        groups: of crystals with equal graphs and different targets, the widest first.
        equal: crystals with equal graphs, of equal targets too.
        mae: least mean absolute error over all crystals: each group gets its median.
        failures: the reason, by id, for crystals that did not become graphs.
        same: share of its size within which outputs are the same.
    """

    spec: str
    crystals: int
    compared: int
    groups: tuple[EqualGraphs, ...]
    equal: int
    mae: float
    failures: Mapping[str, str]
    same: float = SAME


def error_floor(
    spec: Spec,
    crystals: CrystalSet,
    formula: np.ndarray,
    registry: Registry,
    cache: Path | None,
    progress: Callable[[int, int], None],
    jobs: int = 1,
) -> ErrorFloor:
    """Return the groups of crystals that a spec cannot tell apart, and what they cost.

    Graphs are equal to a network if it gives them the same output whatever its
    weights. Three networks of the spec with random weights are asked, in float64;
    crystals of one formula whose outputs are the same in all of them, to 1e-6 of their
    root mean square, are taken to be equal.

    Args:
        spec: architecture and graph.
        crystals: with a target.
        formula: [B], equal for formula duplicates; others cannot have equal graphs.
        registry: for the recipe of the graphs.
        cache: folder of cached graphs, or None.
        progress: is told how many graphs are built, of how many.
        jobs: processes that build graphs; more than one only with a cache.

    Raises:
        SpecError: where the spec's graph or network cannot be built.
    """
    (spec,) = with_pooling([spec], crystals, registry)
    recipe = recipe_of(spec, registry)
    duplicates = np.flatnonzero(np.bincount(formula)[formula] > 1)
    compared = take(crystals, duplicates.tolist())
    nothing = ErrorFloor(spec.name, len(crystals), 0, (), 0, 0.0, {})
    if not len(compared):
        return nothing
    built = build_graphs(
        compared.ids,
        compared.crystals,
        recipe,
        cache,
        lambda done: progress(done, len(compared)),
        jobs,
    )
    if built.graphs is None:
        return nothing
    places = [place for place, name in enumerate(compared.ids) if name in built.number]
    rows = torch.tensor([built.number[compared.ids[place]] for place in places])
    groups = _indistinct(spec, built.graphs, rows, formula[duplicates[places]])
    return _floor(spec.name, crystals, duplicates[places], groups, built.failures)


def _indistinct(
    spec: Spec, graphs: PackedGraphs, rows: Tensor, formula: np.ndarray
) -> list[np.ndarray]:
    """Return the crystals that no random network tells apart, in groups.

    Args:
        spec: of the networks.
        graphs: of the crystals, in any order.
        rows: [n], the graph of each crystal.
        formula: [n], equal for formula duplicates.
    """
    graphs = graphs.to("cpu", torch.float64)
    groups = [np.flatnonzero(formula == name) for name in np.unique(formula)]
    for seed in range(DRAWS):
        left = np.concatenate([[], *groups]).astype(np.int64)
        if not len(left):
            break
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = build_network(spec).double()
        output = np.full(len(rows), np.nan)
        output[left] = infer(network, graphs, rows[left], _BATCH).numpy()
        output /= np.sqrt(np.mean(output[left] ** 2)) or 1.0
        groups = [part for group in groups for part in _chains(group, output)]
        groups = [part for part in groups if len(part) > 1]
    return groups


def _chains(group: np.ndarray, output: np.ndarray) -> list[np.ndarray]:
    """Return the parts of a group in which each output follows the one before."""
    order = group[np.argsort(output[group], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(output[order]) > SAME) + 1)


def _floor(
    name: str,
    crystals: CrystalSet,
    places: np.ndarray,
    groups: Sequence[np.ndarray],
    failures: Mapping[str, str],
) -> ErrorFloor:
    assert crystals.target is not None
    values = crystals.target.values
    missed = 0.0
    found = []
    for group in groups:
        members = np.sort(places[group])
        own = values[members]
        missed += float(np.abs(own - np.median(own)).sum())
        if own.max() > own.min():
            ids = tuple(crystals.ids[place] for place in members)
            found.append(EqualGraphs(ids, tuple(own.tolist())))
    found.sort(key=lambda group: -group.spread)
    return ErrorFloor(
        name,
        len(crystals),
        len(places),
        tuple(found),
        sum(map(len, groups)),
        missed / len(crystals),
        failures,
    )
