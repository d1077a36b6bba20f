"""Reading a hold-out: scores of stored trials on it, and a record of each reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ngn_core.dataset.crystal_set import CrystalSet, HeldOut, Skipped, StateColumn
from ngn_core.errors import DatasetError, TrialError
from ngn_core.experiment.holdout_source import read_held_out, read_source
from ngn_core.experiment.prepare import prepare
from ngn_core.experiment.reporter import Reporter
from ngn_core.experiment.result import Result, Score, read_result
from ngn_core.experiment.scoring import scores_of
from ngn_core.experiment.store import result_folders
from ngn_core.packed.needs import columns_read
from ngn_core.plugin.registry import Registry
from ngn_core.prediction.ensemble import Trained, ensembles, has_network
from ngn_core.prediction.holdout_log import record_reading
from ngn_core.summary.spread import Spread


@dataclass(frozen=True)
class HoldoutLine:
    """What one model makes of the held-out crystals.

    Attributes:
        spec: its name.
        model: its digest.
        trials: how many.
        scores: of the mean over the trials.
        alone: the deciding score of each trial alone.
    """

    spec: str
    model: str
    trials: int
    scores: tuple[Score, ...]
    alone: Spread


@dataclass(frozen=True)
class Reading:
    """One reading of a hold-out.

    Attributes:
        dataset: its name.
        target: its name.
        unit: of the target.
        held_out: which crystals.
        lines: a line for each model, the best first.
        before: dates of the readings before this one.
        skipped: held-out crystals that cannot become a graph.
        unread: baselines, which keep nothing that could predict.
    """

    dataset: str
    target: str
    unit: str
    held_out: HeldOut
    lines: tuple[HoldoutLine, ...]
    before: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    unread: tuple[str, ...]


def read_holdouts(
    runs: Path,
    registry: Registry,
    device: torch.device,
    reporter: Reporter,
    dataset: str | None = None,
) -> list[Reading]:
    """Predict what was held out with the trials of a folder; record every reading.

    Args:
        runs: folder that `ngn-compare --holdout` wrote.
        registry: for components and the dataset.
        device: where to compute.
        reporter: is told of the graphs.
        dataset: where the crystals are now, in place of where they were.

    Returns:
        One reading for each hold-out.

    Raises:
        TrialError: where no trial of the folder had a hold-out, or one is damaged.
        DatasetError: where the crystals are not as they were.
    """
    folders: dict[str, list[Path]] = {}
    unread: dict[str, set[str]] = {}
    for folder in result_folders(runs):
        result = read_result(folder)
        if result.held_out is not None:
            folders.setdefault(result.held_out, []).append(folder)
            if not has_network(result):
                unread.setdefault(result.held_out, set()).add(result.spec)
    if not folders:
        raise TrialError(
            f"{runs}: no finished trial had a hold-out; expected a folder that "
            "ngn-compare --holdout SHARE wrote"
        )
    readings = []
    for digest, own in folders.items():
        source = read_source(digest, runs)
        lines, skipped = [], []
        groups = ensembles(own, registry)
        read = columns_read([group[0].spec for _, group in groups])
        crystals = read_held_out(source, registry, read, dataset)
        for name, group in groups:
            _check_unseen(group, source.held_out)
            line, left_out = _line(name, group, crystals, registry, device, reporter)
            lines.append(line)
            skipped += [row for row in left_out if row not in skipped]
        first = groups[0][1][0].result
        entries = [_entry(line, source.held_out) for line in lines]
        before = record_reading(runs, source.held_out.digest, entries)
        readings.append(
            Reading(
                first.dataset,
                first.target,
                first.unit,
                source.held_out,
                tuple(sorted(lines, key=_rank)),
                before,
                tuple(skipped),
                tuple(sorted(unread.get(digest, ()))),
            )
        )
    return readings


def _check_unseen(group: Sequence[Trained], held_out: HeldOut) -> None:
    """Check that no trial tested on what was held out.

    Raises:
        TrialError: naming the trial; a folder that somebody put together.
    """
    for trained in group:
        seen = {name for name, _, _ in trained.result.predictions} & set(held_out.ids)
        if seen:
            raise TrialError(
                f"trial {trained.result.digest[:16]} tested on crystals that it says "
                f"were held out: {', '.join(sorted(seen)[:5])}, ..."
            )


def _rank(line: HoldoutLine) -> tuple[bool, float]:
    required = line.scores[0]
    sign = 1.0 if required.better == "lower" else -1.0
    return bool(np.isnan(required.value)), sign * required.value


def _line(
    name: str,
    group: Sequence[Trained],
    crystals: CrystalSet,
    registry: Registry,
    device: torch.device,
    reporter: Reporter,
) -> tuple[HoldoutLine, tuple[Skipped, ...]]:
    """Return the scores of a model, and the crystals that it has no graph of."""
    first = group[0]
    crystals = _with_state(crystals, first.result)
    prepared = prepare([first.spec], crystals, registry, None, "skip", reporter)
    target = prepared.crystals.target
    assert target is not None
    graphs = prepared.graphs[first.spec.name].to(device, torch.float32)
    each = [
        trained.predictions(graphs, prepared.counts, device).double().numpy()
        for trained in group
    ]
    scores = scores_of(np.mean(each, axis=0), target.values, target, registry)
    alone = [scores_of(one, target.values, target, registry)[0].value for one in each]
    line = HoldoutLine(name, first.result.model, len(group), scores, Spread.over(alone))
    return line, prepared.crystals.skipped


def _with_state(crystals: CrystalSet, result: Result) -> CrystalSet:
    """Return the crystals with labels of the state coded as the trial coded them."""
    state = crystals.state
    if state is None or result.state is None or state.codes is None:
        return crystals
    known = list(result.state["labels"])
    labels = [state.labels[code] for code in state.codes]
    new = sorted(set(labels) - set(known))
    if new:
        raise DatasetError(
            f"{result.spec} was trained with the {state.name} {', '.join(known)} and "
            f"cannot read the held-out crystals with {', '.join(new)}"
        )
    codes = np.array([known.index(label) for label in labels], dtype=np.int64)
    return replace(
        crystals, state=StateColumn(state.name, labels=tuple(known), codes=codes)
    )


def _entry(line: HoldoutLine, held_out: HeldOut) -> dict[str, Any]:
    """Return what is recorded of a model."""
    return {
        "crystals": len(held_out.ids),
        "spec": line.spec,
        "model": line.model,
        "trials": line.trials,
        "scores": [asdict(score) for score in line.scores],
    }
