"""The test crystals of a fold, with their targets: what predictions are scored on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.experiment.facts import DatasetFacts
from ngn_core.experiment.result import Result
from ngn_core.matbench.membership import task_ids


@dataclass(frozen=True)
class TestedPart:
    """The test crystals of a fold.

    Attributes:
        fold: its number.
        ids: of the crystals, as the dataset has them.
        official: the same crystals, as the benchmark's task calls them.
        values: their targets.
        facts: of the dataset and the crystals.
    """

    fold: int
    ids: tuple[str, ...]
    official: tuple[str, ...]
    values: tuple[float, ...]
    facts: DatasetFacts | None


def tested_parts(results: Sequence[Result]) -> list[TestedPart]:
    """Return the folds that some trial on a benchmark's task has tested, in order."""
    parts: dict[int, TestedPart] = {}
    for result in results:
        old = parts.get(result.fold)
        if old is not None and (old.facts is not None or result.facts is None):
            continue
        ids, values, _ = zip(*result.predictions, strict=True)
        parts[result.fold] = TestedPart(
            result.fold, ids, task_ids(result), values, result.facts
        )
    return [parts[fold] for fold in sorted(parts)]


def parts_of(crystals: CrystalSet) -> list[TestedPart]:
    """Return the folds of a set that holds crystals of a benchmark's task.

    Args:
        crystals: with a target, folds and a benchmark.
    """
    target, benchmark = crystals.target, crystals.benchmark
    assert target is not None
    assert benchmark is not None
    parts = []
    for fold in range(crystals.n_folds):
        _, _, test = crystals.parts(fold)
        parts.append(
            TestedPart(
                fold,
                tuple(crystals.ids[place] for place in test),
                tuple(benchmark.ids[place] for place in test),
                tuple(target.values[test].tolist()),
                None,
            )
        )
    return parts
