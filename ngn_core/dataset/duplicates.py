"""Structure duplicates: crystals of one dataset that are the same structure."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import DisjointSet

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.formula import composition
from ngn_core.dataset.reduced_cell import (
    ANGLES,
    LENGTHS,
    SITES,
    ReducedCell,
    comparable,
    mappable,
    reduced_cell,
)

if TYPE_CHECKING:
    from pymatgen.core.structure_matcher import StructureMatcher

LARGEST = 500
"""Atoms of the largest cell that is matched: a match takes minutes above that."""

PARALLEL = 4096
"""Crystals to match below which starting processes costs more than it saves."""

_CHUNKS = 8
"""Pieces of work for each process."""

Places = list[int]


def structure_duplicates(
    crystals: Sequence[Crystal],
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 1,
) -> np.ndarray:
    """Return [B], int64; crystals with equal numbers are duplicates.

    Duplicates are crystals that pymatgen's StructureMatcher fits onto each other with
    its default tolerances, in either direction: primitive cells scaled to one volume,
    whose lattice lengths differ by at most a factor of 1.2, lattice angles by 5
    degrees, and atoms of one element by 0.3 (V / N)^(1/3). Duplicates of duplicates are
    duplicates. Numbers count from 0 in the order in which the groups come first.

    Only pairs that the matcher could fit are given to it: of one composition, of as
    many sites in the reduced primitive cell, and with lattices that can be mapped (see
    `mappable`). A cell of more than `LARGEST` atoms is nobody's duplicate.

    Args:
        crystals: B, ordered or not.
        progress: is told how many of the crystals to match are done, of how many.
        jobs: processes; more than one only where the main module can be imported
            again.
    """
    tell = progress or (lambda done, total: None)
    buckets = [places for places in _by_composition(crystals) if len(places) > 1]
    total, done = sum(map(len, buckets)), 0
    groups = DisjointSet(range(len(crystals)))
    tell(0, total)
    for matched, pairs in _matched(crystals, buckets, jobs if total >= PARALLEL else 1):
        for one, other in pairs:
            groups.merge(one, other)
        done += matched
        tell(done, total)
    return _numbered([groups[place] for place in range(len(crystals))])


def _matched(
    crystals: Sequence[Crystal], buckets: Sequence[Places], jobs: int
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield how many crystals were matched, and pairs of places that fit."""
    if jobs == 1:
        for places in buckets:
            for pairs in _pairs(places, [crystals[place] for place in places]):
                yield 1, pairs
        return
    size = math.ceil(sum(map(len, buckets)) / (jobs * _CHUNKS))
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as workers:
        running = [
            workers.submit(
                _match_chunk,
                [(places, [crystals[place] for place in places]) for places in chunk],
            )
            for chunk in _chunks(buckets, size)
        ]
        for finished in as_completed(running):
            yield finished.result()


def _chunks(buckets: Sequence[Places], size: int) -> Iterator[list[Places]]:
    """Yield buckets, together of at least so many crystals."""
    chunk: list[Places] = []
    for places in buckets:
        chunk.append(places)
        if sum(map(len, chunk)) >= size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _match_chunk(
    chunk: Sequence[tuple[Places, Sequence[Crystal]]],
) -> tuple[int, list[tuple[int, int]]]:
    found = [
        pair
        for places, crystals in chunk
        for pairs in _pairs(places, crystals)
        for pair in pairs
    ]
    return sum(len(places) for places, _ in chunk), found


def _numbered(names: Sequence[Hashable]) -> np.ndarray:
    """Return numbers from 0 for names, in the order in which they come first."""
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(name, len(numbers)) for name in names]
    return np.array(found, dtype=np.int64)


def _by_composition(crystals: Sequence[Crystal]) -> list[Places]:
    """Return the places of crystals that may have one reduced composition."""
    buckets: dict[Hashable, Places] = {}
    for place, crystal in enumerate(crystals):
        if len(crystal.frac) <= LARGEST:
            buckets.setdefault(_composition(crystal), []).append(place)
    return list(buckets.values())


def _composition(crystal: Crystal) -> Hashable:
    """Return the reduced composition; of shared sites the elements alone."""
    elements = frozenset(z for species in crystal.species for z, _ in species)
    if any(len(species) > 1 or species[0][1] != 1.0 for species in crystal.species):
        return elements
    return composition(crystal.species)


def _pairs(
    places: Sequence[int], crystals: Sequence[Crystal]
) -> Iterator[list[tuple[int, int]]]:
    """Yield for each crystal its pairs with later ones; they connect all that fit."""
    from pymatgen.core.structure_matcher import StructureMatcher

    matcher = StructureMatcher(ltol=LENGTHS, stol=SITES, angle_tol=ANGLES)
    reduced = [reduced_cell(crystal) for crystal in crystals]
    groups = DisjointSet(places)
    for one, a in zip(places, reduced, strict=True):
        pairs = []
        for other, b in zip(places, reduced, strict=True):
            if other <= one or groups.connected(one, other) or not comparable(a, b):
                continue
            if _fits(matcher, a, b) or _fits(matcher, b, a):
                groups.merge(one, other)
                pairs.append((one, other))
        yield pairs


def _fits(matcher: StructureMatcher, a: ReducedCell, b: ReducedCell) -> bool:
    if not mappable(a, b):
        return False
    return matcher.fit(a.structure, b.structure, skip_structure_reduction=True)
