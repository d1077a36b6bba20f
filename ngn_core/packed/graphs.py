"""Graphs of a set of crystals: built once for each recipe, in shards, cached."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import StructureError
from ngn_core.packed.cache import read_packed, write_packed
from ngn_core.packed.packed import PackedGraphs, join, pack
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.plugin.file import load_file, plugin_file
from ngn_core.processes import end_with_parent

SHARD = 256
"""Crystals of a shard: built by one process, kept in one folder of the cache."""

PARALLEL = 4 * SHARD
"""Crystals below which starting processes costs more than they save."""


@dataclass(frozen=True)
class BuiltGraphs:
    """What became of a set of crystals.

    Attributes:
        graphs: of the crystals that became graphs; None where none did.
        number: place of each of those in `graphs`, by id.
        failures: the reason, for each that did not, by id.
        facts: what the graph builder found out about each, by id.
        seconds: of one process, when they were built.
    """

    graphs: PackedGraphs | None
    number: Mapping[str, int]
    failures: Mapping[str, str]
    facts: Mapping[str, Mapping[str, Any]]
    seconds: float


@dataclass(frozen=True, eq=False)
class _Shard:
    """Some crystals, in order, and where their graphs are kept."""

    ids: tuple[str, ...]
    crystals: tuple[Crystal, ...]
    folder: Path | None


def build_graphs(
    ids: Sequence[str],
    crystals: Sequence[Crystal],
    recipe: GraphRecipe,
    cache: Path | None,
    progress: Callable[[int], None],
    jobs: int = 1,
) -> BuiltGraphs:
    """Return the graphs of crystals, from the cache where they are in it.

    Args:
        ids: of the crystals.
        crystals: in the same order.
        recipe: how.
        cache: folder of cached graphs, or None.
        progress: is told how many crystals are done.
        jobs: processes; more than one only with a cache.
    """
    shards = _shards(ids, crystals, recipe, cache)
    parts = {shard: _cached(shard) for shard in shards}
    missing = [shard for shard, part in parts.items() if part is None]
    jobs = 1 if cache is None else jobs
    for shard, part in _build_each(missing, len(ids), recipe, progress, jobs):
        kept = part.graphs is not None or not part.number
        parts[shard] = part if kept else _cached(shard) or _build(shard, recipe)
    return _joined([part for part in parts.values() if part is not None])


def fill_cache(
    ids: Sequence[str],
    crystals: Sequence[Crystal],
    recipe: GraphRecipe,
    cache: Path,
    progress: Callable[[int], None],
    jobs: int = 1,
) -> tuple[int, dict[str, str]]:
    """Build the graphs that are not in the cache yet; keep none of them in memory.

    Args:
        ids: of the crystals.
        crystals: in the same order.
        recipe: how.
        cache: folder of cached graphs.
        progress: is told how many crystals are done.
        jobs: processes.

    Returns:
        How many crystals were not in the cache, and which of them failed why, by id.

    Raises:
        OSError: where the cache cannot be written.
    """
    shards = _shards(ids, crystals, recipe, cache)
    missing = [shard for shard in shards if _cached(shard) is None]
    failures: dict[str, str] = {}
    for _, part in _build_each(missing, len(ids), recipe, progress, jobs):
        failures |= part.failures
    return sum(len(shard.ids) for shard in missing), failures


def count_missing(
    ids: Sequence[str],
    crystals: Sequence[Crystal],
    recipe: GraphRecipe,
    cache: Path | None,
) -> int:
    """Return how many crystals have no graphs in the cache, damage not looked for."""
    shards = _shards(ids, crystals, recipe, cache)
    return sum(
        len(shard.ids)
        for shard in shards
        if shard.folder is None or not shard.folder.exists()
    )


def _build_each(
    missing: Sequence[_Shard],
    total: int,
    recipe: GraphRecipe,
    progress: Callable[[int], None],
    jobs: int,
) -> Iterator[tuple[_Shard, BuiltGraphs]]:
    """Build shards, yield each when done; workers leave the graphs in the cache."""
    more = sum(len(shard.ids) for shard in missing)
    done = total - more
    progress(done)
    if jobs == 1 or more < PARALLEL:
        for shard in missing:
            yield shard, _build(shard, recipe, partial(_progress_from, done, progress))
            done += len(shard.ids)
        return
    file = plugin_file(recipe.graph.edges.component)
    with ProcessPoolExecutor(
        min(jobs, len(missing)),
        multiprocessing.get_context("spawn"),
        _begin_worker,
        (file,),
    ) as workers:
        running = {workers.submit(_work, shard, recipe): shard for shard in missing}
        for finished in as_completed(running):
            done += len(running[finished].ids)
            progress(done)
            yield running[finished], finished.result()


def _progress_from(done: int, progress: Callable[[int], None], more: int) -> None:
    progress(done + more)


def _begin_worker(file: Path | None) -> None:
    """Import the plugin file that the graph constructor comes from."""
    end_with_parent()
    if file is not None:
        load_file(file)


def _work(shard: _Shard, recipe: GraphRecipe) -> BuiltGraphs:
    """Build a shard into the cache; its graphs stay there."""
    return replace(_build(shard, recipe), graphs=None)


def _build(
    shard: _Shard, recipe: GraphRecipe, progress: Callable[[int], None] | None = None
) -> BuiltGraphs:
    """Build a shard's graphs and keep them in the cache, if there is one."""
    builder = recipe.builder()
    start = time.perf_counter()
    built, facts, failures = [], {}, {}
    for done, (name, crystal) in enumerate(
        zip(shard.ids, shard.crystals, strict=True), start=1
    ):
        try:
            graph = builder(crystal)
            built.append(graph)
            facts[name] = dict(graph.facts)
        except StructureError as error:
            failures[name] = str(error)
        if progress is not None:
            progress(done)
    told = {
        "failures": failures,
        "facts": facts,
        "seconds": time.perf_counter() - start,
    }
    graphs = pack(built) if built else None
    if graphs is not None and shard.folder is not None:
        write_packed(graphs, told, shard.folder)
    return _built(graphs, told)


def _cached(shard: _Shard) -> BuiltGraphs | None:
    """Return what was built before; None where it is missing or damaged."""
    found = None if shard.folder is None else read_packed(shard.folder)
    return None if found is None else _built(*found)


def _built(graphs: PackedGraphs | None, told: Mapping[str, Any]) -> BuiltGraphs:
    number = {name: place for place, name in enumerate(told["facts"])}
    return BuiltGraphs(graphs, number, told["failures"], told["facts"], told["seconds"])


def _joined(parts: Sequence[BuiltGraphs]) -> BuiltGraphs:
    packed = [part.graphs for part in parts if part.graphs is not None]
    facts = {name: fact for part in parts for name, fact in part.facts.items()}
    return BuiltGraphs(
        join(packed) if packed else None,
        {name: place for place, name in enumerate(facts)},
        {name: reason for part in parts for name, reason in part.failures.items()},
        facts,
        sum(part.seconds for part in parts),
    )


def _shards(
    ids: Sequence[str],
    crystals: Sequence[Crystal],
    recipe: GraphRecipe,
    cache: Path | None,
) -> list[_Shard]:
    shards = []
    for start in range(0, len(ids), SHARD):
        some_ids = tuple(ids[start : start + SHARD])
        some = tuple(crystals[start : start + SHARD])
        folder = None if cache is None else cache / _digest(some_ids, some, recipe)
        shards.append(_Shard(some_ids, some, folder))
    return shards


def _digest(
    ids: Sequence[str], crystals: Sequence[Crystal], recipe: GraphRecipe
) -> str:
    sites = recipe.columns.get("node", frozenset())
    own = recipe.columns.get("crystal", frozenset())
    digest = hashlib.sha256(recipe.digest().encode())
    for name, crystal in zip(ids, crystals, strict=True):
        digest.update(json.dumps([name, crystal.species]).encode())
        digest.update(crystal.lattice.astype("<f8").tobytes())
        digest.update(crystal.frac.astype("<f8").tobytes())
        for column in sorted(sites & crystal.columns.keys()):
            digest.update(column.encode())
            digest.update(crystal.columns[column].astype("<f8").tobytes())
        for column in sorted(own & crystal.properties.keys()):
            digest.update(json.dumps([column, crystal.properties[column]]).encode())
    return digest.hexdigest()
