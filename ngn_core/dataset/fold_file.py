"""Folds in a JSON file: ids of test parts, or of training, validation and test."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ngn_core.dataset.dataset import Benchmark, DatasetTable
from ngn_core.dataset.fixed_folds import FixedFolds
from ngn_core.dataset.matbench_fold_file import read_official
from ngn_core.dataset.roles import TEST, TRAIN, UNUSED, VALIDATION
from ngn_core.errors import DatasetError

_PARTS = {"train": TRAIN, "validation": VALIDATION, "test": TEST}
_LISTED = 20
_EXPECTED = (
    'expected {"folds": [[id, ...], ...]}, the ids that each fold tests on; or, in '
    'place of such a list, {"train": [...], "validation": [...], "test": [...]}, of '
    'which only "test" must be there; or {"fold_0": {"train": [...], "test": [...]}, '
    "...} as MatBench writes its folds"
)


def read_fold_file(
    path: Path, table: DatasetTable, benchmark: Benchmark | None = None
) -> FixedFolds:
    """Return the folds that a file gives to the rows of a table.

    Without `train`, a fold trains on all rows that it does not validate or test on.

    Args:
        path: the file.
        table: all its rows must be in the file, and no others.
        benchmark: the task that is predicted; a file written as MatBench writes its
            folds is to have the task's official ones.

    Raises:
        DatasetError: where the file cannot be read; naming rows that it lacks, ids that
            are no rows, and ids that occur twice; where folds are not official.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DatasetError(
            f"--split {path}: cannot be opened: {error.strerror}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise DatasetError(
            f"--split {path}: not JSON ({error}); {_EXPECTED}"
        ) from error
    found = _list(plain)
    folds = [_parts(path, number, fold) for number, fold in enumerate(found)]
    tests_alone = all(isinstance(fold, list) for fold in found)
    if len(folds) < 1 + tests_alone:
        counted = "1 list" if len(folds) == 1 else "no folds"
        raise DatasetError(f"--split {path}: found {counted}; {_EXPECTED}")
    if benchmark is not None and _is_as_matbench(plain):
        return read_official(path, folds, table, benchmark)
    _check(path, table, folds, tests_alone)
    fold = {row.id: -1 for row in table.rows}
    for number, parts in enumerate(folds):
        fold.update(dict.fromkeys(parts["test"], number))
    source = f"of {path.name}"
    if tests_alone:
        return FixedFolds(fold, len(folds), source)
    roles = {row.id: [_rest(parts) for parts in folds] for row in table.rows}
    for number, parts in enumerate(folds):
        for part, names in parts.items():
            for name in names:
                roles[name][number] = _PARTS[part]
    return FixedFolds(fold, len(folds), source, roles)


def _rest(parts: Mapping[str, Sequence[str]]) -> int:
    return UNUSED if "train" in parts else TRAIN


def _is_as_matbench(plain: Any) -> bool:
    return isinstance(plain, dict) and all(
        re.fullmatch(r"fold_\d+", key) for key in plain
    )


def _list(plain: Any) -> Sequence[Any]:
    """Return what a file says of each fold, whichever way it is written."""
    if isinstance(plain, dict) and set(plain) == {"folds"}:
        plain = plain["folds"]
    if _is_as_matbench(plain):
        return [plain[key] for key in sorted(plain, key=lambda key: int(key[5:]))]
    return plain if isinstance(plain, list) else []


def _parts(path: Path, number: int, fold: Any) -> dict[str, list[str]]:
    parts = {"test": fold} if isinstance(fold, list) else fold
    if (
        not isinstance(parts, dict)
        or not {"test"} <= set(parts) <= set(_PARTS)
        or not all(isinstance(names, list) for names in parts.values())
        or not all(
            isinstance(name, (str, int)) and not isinstance(name, bool)
            for names in parts.values()
            for name in names
        )
        or not parts["test"]
    ):
        raise DatasetError(f"--split {path}: fold {number} cannot be read; {_EXPECTED}")
    return {part: [str(name) for name in names] for part, names in parts.items()}


def _check(
    path: Path,
    table: DatasetTable,
    folds: Sequence[Mapping[str, Sequence[str]]],
    tests_alone: bool,
) -> None:
    rows = [row.id for row in table.rows]
    named: dict[str, int] = {}
    tested: dict[str, int] = {}
    twice: dict[str, None] = {}
    for number, parts in enumerate(folds):
        counts = Counter(name for names in parts.values() for name in names)
        named = dict.fromkeys(counts, number) | named
        twice |= dict.fromkeys(name for name, count in counts.items() if count > 1)
        twice |= dict.fromkeys(name for name in parts["test"] if name in tested)
        tested |= dict.fromkeys(parts["test"], number)
    needed = tests_alone or all("train" in parts for parts in folds)
    known = set(rows)
    problems = {
        "are not in the file": [name for name in rows if needed and name not in named],
        f"are not in {table.name}": [
            f"{name} (fold {fold})" for name, fold in named.items() if name not in known
        ],
        "occur twice": list(twice),
    }
    lines = []
    for what, names in problems.items():
        if names:
            more = f", ... ({len(names) - _LISTED} more)" * (len(names) > _LISTED)
            lines.append(f"  {len(names)} {what}: {', '.join(names[:_LISTED])}{more}")
    if lines:
        raise DatasetError(
            f"--split {path}: its ids do not fit the {len(rows)} of {table.name}:\n"
            + "\n".join(lines)
        )
