"""A file that writes folds as MatBench does, against the task's official folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ngn_core.dataset.dataset import Benchmark, DatasetTable
from ngn_core.dataset.fixed_folds import FixedFolds, official_folds
from ngn_core.dataset.matbench import TASKS
from ngn_core.errors import DatasetError

_LISTED = 5


def read_official(
    path: Path,
    folds: Sequence[Mapping[str, Sequence[str]]],
    table: DatasetTable,
    benchmark: Benchmark,
) -> FixedFolds:
    """Return the official folds of a table, where a file has no others.

    Args:
        path: of the file, for messages.
        folds: its parts, by the task's ids; rows of the task that the table lacks may
            be among them.
        table: with a part of the task, or all of it.
        benchmark: the task.

    Raises:
        DatasetError: naming task, fold and ids that differ.
    """
    official = official_folds(table, benchmark.folds)
    here = {benchmark.id_of(row): official.fold[row.id] for row in table.rows}
    lines = []
    if len(folds) != official.n_folds:
        lines.append(f"  found {len(folds)} folds; expected {official.n_folds}")
    for number, parts in enumerate(folds):
        for what, names in _differing(number, parts, here, benchmark.name).items():
            if names:
                more = f", ... ({len(names) - _LISTED:,} more)"
                listed = ", ".join(names[:_LISTED]) + more * (len(names) > _LISTED)
                lines.append(f"  fold {number} {what}: {listed}")
    if lines:
        raise DatasetError(
            f"--split {path}: written as MatBench writes its folds, and not the "
            f"official ones of {benchmark.name}:\n"
            + "\n".join(lines)
            + '\nLeave --split out for those; write {"folds": [...]} for your own'
        )
    return official


def _differing(
    number: int, parts: Mapping[str, Sequence[str]], here: Mapping[str, int], name: str
) -> dict[str, list[str]]:
    """Return the ids of a fold that are not where they belong, by what is wrong."""
    task = TASKS[name]
    tested = set(parts["test"])
    named = [*parts.get("train", ()), *parts.get("validation", ())]
    trained = set(named)
    unknown = [one for one in (*parts["test"], *named) if one not in task.number]
    elsewhere = []
    for one in parts["test"]:
        if one in task.number:
            right = here[one] if one in here else task.official_fold(one)
            if right not in (number, None):
                elsewhere.append(f"{one} (officially in fold {right})")
    others = [one for one, fold in here.items() if fold != number]
    return {
        f"names what are no ids of {name}": unknown,
        "tests on rows of other folds": elsewhere,
        "does not test on": [
            one for one, fold in here.items() if fold == number and one not in tested
        ],
        "trains on its test part": [one for one in named if here.get(one) == number],
        "does not train on": [one for one in others if named and one not in trained],
    }
