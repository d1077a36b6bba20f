"""What a comparison rests on as one file: reports are built from it again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ngn_core.costs.cost_files import write_cost
from ngn_core.experiment.archive import pack
from ngn_core.experiment.facts import write_facts
from ngn_core.experiment.result import Result, write_result
from ngn_core.experiment.store import Store
from ngn_core.summary.comparison import ComparisonTable

SPLITS, ENVIRONMENTS = "splits.json", "environments.json"


def write_archive(tables: Sequence[ComparisonTable], file: Path) -> None:
    """Write specs, split ids, predictions and environments of all measured trials.

    In it is a folder for each trial as `ngn-compare` writes it, without the weights;
    costs beside; and for people the test ids of each fold and the environments. Equal
    tables give equal bytes.

    Args:
        tables: whose results are kept.
        file: written anew where it is there.

    Raises:
        TrialError: where it cannot be written.
    """
    with TemporaryDirectory(prefix="ngn-") as folder:
        _write_files(tables, Path(folder))
        pack(Path(folder), file)


def _write_files(tables: Sequence[ComparisonTable], folder: Path) -> None:
    for table in tables:
        for result in _measured(table):
            _write(result, Store(folder).folder(result.digest))
        if table.costs is not None:
            for cost in table.costs.by_model.values():
                write_cost(cost, folder)
    _dump([_splits(table) for table in tables], folder / SPLITS)
    _dump(_environments(tables), folder / ENVIRONMENTS)


def _measured(table: ComparisonTable) -> list[Result]:
    return [
        result
        for line in table.lines
        if line.origin == "measured"
        for result in line.results
    ]


def _write(result: Result, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    if result.facts is not None:
        write_facts(result.facts, folder)
    write_result(result, folder)


def _splits(table: ComparisonTable) -> dict[str, object]:
    """Return the test ids of each fold."""
    folds: dict[str, list[str]] = {}
    for result in sorted(_measured(table), key=lambda result: result.fold):
        folds.setdefault(str(result.fold), [name for name, _, _ in result.predictions])
    return {
        "dataset": table.dataset,
        "target": table.target,
        "folds": table.fold_source,
        "test": folds,
    }


def _environments(tables: Sequence[ComparisonTable]) -> list[dict[str, object]]:
    """Return each environment once, with the trials that ran in it."""
    found: dict[str, dict[str, object]] = {}
    trials: dict[str, list[str]] = {}
    for result in (result for table in tables for result in _measured(table)):
        key = json.dumps(result.environment, sort_keys=True)
        found[key] = dict(result.environment)
        trials.setdefault(key, []).append(result.digest)
    return [{**found[key], "trials": sorted(trials[key])} for key in sorted(found)]


def _dump(plain: object, file: Path) -> None:
    text = json.dumps(plain, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")
