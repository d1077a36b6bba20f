"""Predictions for many structures: shard by shard, from where it was interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from ngn_core.dataset.dataset import DatasetTable, Row
from ngn_core.dataset.rows import OnDisorder
from ngn_core.packed.graphs import BuiltGraphs
from ngn_core.packed.needs import columns_read
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.prediction.applicability_domain import Flags
from ngn_core.prediction.calibrated import Calibrated
from ngn_core.prediction.candidates import Candidates, CandidateWork, candidates_of
from ngn_core.prediction.chunks import Chunks
from ngn_core.prediction.given_states import given_states
from ngn_core.prediction.screened import COLUMNS, Cells, Summary, assumption
from ngn_core.prediction.timing import Timing
from ngn_core.prediction.top_rows import TopRows
from ngn_core.statistics.interval import cv_plus
from ngn_core.training.target_scaler import TargetScaler

SHARD = 256
"""Structures of a shard: built by one process, written at once."""


@dataclass(frozen=True)
class Screening:
    """What is screened, and how.

    Attributes:
        model: predicts.
        source: the input, as messages name it.
        content: what tells this input from another.
        out: file of the predictions, .csv or .parquet.
        device: where to compute.
        jobs: processes that build graphs.
        state: of all structures; None: of each, from its columns.
        on_disorder: what becomes of partly occupied or shared sites.
        shard: structures of a shard.
    """

    model: Calibrated
    source: str
    content: str
    out: Path
    device: torch.device
    jobs: int = 1
    state: str | None = None
    on_disorder: OnDisorder = "error"
    shard: int = SHARD


def screen(
    asked: Screening,
    rows: Iterator[Row],
    registry: Registry,
    ranking: TopRows,
    progress: Callable[[Timing], None] = lambda timing: None,
) -> Summary:
    """Predict every row of an input and write a row for each, in its order.

    Shards are kept beside the output until it is whole; an interrupted call goes on
    after those that it wrote.

    Args:
        asked: model, output and how.
        rows: of the input.
        registry: for components.
        ranking: is shown every row.
        progress: is told how far it is after each shard, and may raise to end it.

    Raises:
        NGNError: where the model reads a state that a structure does not have, or the
            output cannot be written.
    """
    chunks = Chunks(asked.out, _identity(asked))
    first = asked.model.trials[0]
    scaling = TargetScaler.read(first.result.scaling)
    work = CandidateWork(
        first.spec,
        columns_read([first.spec]),
        recipe_of(first.spec, registry),
        asked.on_disorder,
        scaling.per == "formula_unit",
        asked.model.domain,
    )
    missing: list[int] = []

    def wanted() -> Iterator[tuple[Row, ...]]:
        for number, shard in enumerate(_shards(rows, asked.shard)):
            if not chunks.holds(number, len(shard)):
                missing.append(number)
                yield shard

    timing = Timing(done=chunks.rows())
    progress(timing)
    with closing(candidates_of(wanted(), work, asked.jobs)) as shards:
        begun = time.perf_counter()
        for place, built in enumerate(shards):
            came = time.perf_counter()
            predicted = _predicted(asked, built)
            ended = time.perf_counter()
            chunks.write(missing[place], predicted)
            timing = Timing(
                timing.done + len(predicted),
                timing.new + len(predicted),
                timing.graphs + built.seconds,
                timing.waited + came - begun,
                timing.networks + ended - came,
            )
            progress(timing)
            begun = time.perf_counter()
    counted = failed = 0
    for cells in chunks.join():
        counted += 1
        failed += bool(cells[-1])
        ranking.see(cells)
    summary = Summary(
        str(asked.out),
        asked.source,
        first.result.spec,
        first.result.dataset,
        first.result.target,
        scaling.prediction_unit(first.result.unit),
        len(asked.model.trials),
        counted,
        failed,
        assumption(asked.model.residuals),
        asked.model.domain is not None,
        timing,
    )
    chunks.clear()
    return summary


def _identity(asked: Screening) -> list[str]:
    """Return what the parts of one output have in common."""
    trials = sorted(trained.result.digest for trained in asked.model.trials)
    said = [asked.content, str(asked.state), asked.on_disorder, str(asked.shard)]
    return [*trials, *said, *COLUMNS]


def _shards(rows: Iterator[Row], size: int) -> Iterator[tuple[Row, ...]]:
    while shard := tuple(islice(rows, size)):
        yield shard


def _predicted(asked: Screening, built: Candidates) -> list[Cells]:
    """Return the cells of a shard's rows."""
    cells: dict[int, Cells] = {
        place: Cells(built.rows[place].id, error=" ".join(reason.split()))
        for place, reason in built.failures.items()
    }
    if built.graphs is not None:
        numbers = _numbers(asked, built)
        flags = built.flags or (Flags(),) * len(built.places)
        for row, (place, flag) in enumerate(zip(built.places, flags, strict=True)):
            own = [None if one is None else float(one[row]) for one in numbers]
            cells[place] = Cells.of(built.rows[place].id, own, flag)
    return [cells[place] for place in range(len(built.rows))]


def _numbers(asked: Screening, built: Candidates) -> list[np.ndarray | None]:
    """Return mean, spread over folds and seeds, and interval, each [graphs]."""
    model = asked.model
    graphs = built.graphs
    assert graphs is not None
    states = _states(asked, built)
    if states is not None:
        graphs = graphs.with_crystal_column("state", states)
    graphs = graphs.to(asked.device, torch.float32)
    by_fold: dict[int, list[np.ndarray]] = {}
    for trained in model.trials:
        found = trained.predictions(graphs, built.counts, asked.device).numpy()
        by_fold.setdefault(trained.result.fold, []).append(found)
    means = {fold: np.mean(found, axis=0) for fold, found in sorted(by_fold.items())}
    stacked = np.stack(list(means.values()))
    seeds = [np.var(found, axis=0) for found in by_fold.values() if len(found) > 1]
    residuals = {fold: r for fold, r in model.residuals.items() if fold in means}
    interval = None
    if residuals.keys() == means.keys():
        interval = cv_plus(stacked, residuals)
    low, high = (None, None) if interval is None else interval
    return [
        stacked.mean(axis=0),
        stacked.std(axis=0) if len(means) > 1 else None,
        np.sqrt(np.mean(seeds, axis=0)) if seeds else None,
        low,
        high,
    ]


def _states(asked: Screening, built: Candidates) -> torch.Tensor | None:
    """Return the states of a shard's graphs, [graphs]; None where none is read.

    Raises:
        DatasetError: where a structure has none.
    """
    if asked.model.result.state is None:
        return None
    rows = [
        replace(built.rows[place], id=f"{built.rows[place].id} ({place})")
        for place in built.places
    ]
    number = {row.id: place for place, row in enumerate(rows)}
    graphs = BuiltGraphs(built.graphs, number, {}, {}, 0.0)
    table = DatasetTable(asked.source, rows, {})
    return given_states(asked.model.result, graphs, table, asked.state)
