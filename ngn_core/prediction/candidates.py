"""Shards of structures to screen: read, checked and built into graphs by a worker."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.spacing import measure_spacing
from ngn_core.dataset.composition import atom_counts, formula_sizes
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.dataset import Row
from ngn_core.dataset.rows import OnDisorder, ReadColumns, read_row
from ngn_core.errors import NGNError, SpecError, StructureError
from ngn_core.packed.needs import check_disorder
from ngn_core.packed.packed import PackedGraphs, pack
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.plugin.file import load_file, plugin_file
from ngn_core.prediction.applicability_domain import ApplicabilityDomain, Flags
from ngn_core.processes import end_with_parent
from ngn_core.spec.spec import Spec


@dataclass(frozen=True)
class CandidateWork:
    """What a worker has to know.

    Attributes:
        spec: reads the crystals.
        read: columns of the data that it reads.
        recipe: of its graphs.
        on_disorder: what becomes of partly occupied or shared sites; unless they are
            averaged, their crystals fail.
        by_formula_unit: whether the target is counted by it.
        domain: of the training crystals; None where they are not known.
    """

    spec: Spec
    read: ReadColumns
    recipe: GraphRecipe
    on_disorder: OnDisorder
    by_formula_unit: bool
    domain: ApplicabilityDomain | None


@dataclass(frozen=True)
class Candidates:
    """A shard with its graphs.

    Attributes:
        rows: in the order of the input, without their crystals' readers.
        places: of those that became graphs.
        graphs: of those, in the networks' precision; None where there are none.
        counts: [graphs, elements], atoms of the given cells.
        flags: of those; empty where nothing is known of the training crystals.
        failures: the reason, by place, for those that did not.
        seconds: of one process, for all of this.
    """

    rows: tuple[Row, ...]
    places: tuple[int, ...]
    graphs: PackedGraphs | None
    counts: torch.Tensor
    flags: tuple[Flags, ...]
    failures: dict[int, str]
    seconds: float


def candidates_of(
    shards: Iterator[tuple[Row, ...]], work: CandidateWork, jobs: int
) -> Generator[Candidates, None, None]:
    """Yield shards with their graphs, in their order.

    With several jobs, worker processes are at most one shard each and one more ahead
    of whoever takes them, so that memory does not grow with the input.

    Raises:
        NGNError: where a worker process was killed.
    """
    if jobs == 1:
        for rows in shards:
            yield _build(rows, work)
        return
    file = plugin_file(work.recipe.graph.edges.component)
    with ProcessPoolExecutor(
        jobs,
        multiprocessing.get_context("spawn"),
        _begin_worker,
        (file, pickle.dumps(work)),
    ) as workers:
        running: deque[tuple[tuple[Row, ...], Future[bytes]]] = deque()
        try:
            for rows in shards:
                running.append((rows, workers.submit(_pickled, rows)))
                if len(running) > jobs:
                    yield _unpickled(*running.popleft())
            while running:
                yield _unpickled(*running.popleft())
        except BrokenProcessPool as error:
            raise NGNError(
                "a process that builds graphs was killed, for want of memory perhaps; "
                "the same command goes on, with --jobs 1 in no other process"
            ) from error
        finally:
            for _, future in running:
                future.cancel()


_at_work: list[CandidateWork] = []
"""In a worker process: what it has to know, sent once."""


def _begin_worker(file: Path | None, work: bytes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to end
    end_with_parent()
    torch.set_num_threads(1)
    if file is not None:
        load_file(file)
    _at_work.append(pickle.loads(work))


def _pickled(rows: tuple[Row, ...]) -> bytes:
    """Return a shard as bytes: torch would send each tensor as an open file."""
    [work] = _at_work
    built = _build(rows, work)
    without_rows = (
        built.places,
        built.graphs,
        built.counts,
        built.flags,
        built.failures,
        built.seconds,
    )
    return pickle.dumps(without_rows)


def _unpickled(rows: tuple[Row, ...], future: Future[bytes]) -> Candidates:
    return Candidates(rows, *pickle.loads(future.result()))


def _build(rows: Sequence[Row], work: CandidateWork) -> Candidates:
    start = time.perf_counter()
    build = work.recipe.builder()
    places, graphs, crystals, flags = [], [], [], []
    failures: dict[int, str] = {}
    for place, row in enumerate(rows):
        crystal, reasons = read_row(row, work.read)
        if crystal is not None:
            reasons += _reasons(crystal, work)
        if crystal is None or reasons:
            failures[place] = "; ".join(reasons)
            continue
        try:
            graphs.append(build(crystal))
        except StructureError as error:
            failures[place] = str(error)
            continue
        places.append(place)
        crystals.append(crystal)
        if work.domain is not None:
            flags.append(work.domain.flags(crystal, measure_spacing(crystal)))
    return Candidates(
        tuple(rows),
        tuple(places),
        pack(graphs).to("cpu", torch.float32) if graphs else None,
        torch.from_numpy(atom_counts(crystals)),
        tuple(flags),
        failures,
        time.perf_counter() - start,
    )


def _reasons(crystal: Crystal, work: CandidateWork) -> list[str]:
    """Return why a crystal that was read cannot be predicted."""
    disorder = crystal.disorder()
    if disorder is None:
        return []
    if work.on_disorder != "average":
        return [f"{disorder}; --on-disorder average would take it"]
    if work.by_formula_unit and not formula_sizes(atom_counts([crystal]))[0] > 0:
        return [f"{disorder}, and values per formula_unit need whole numbers of atoms"]
    try:
        check_disorder([work.spec], CrystalSet("", ("",), ("",), (crystal,)))
    except SpecError as error:
        return [f"{disorder}: {error}"]
    return []
