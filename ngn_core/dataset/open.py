"""Finding the dataset plugin that opens what `--dataset` names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from ngn_core.dataset.dataset import Dataset, DatasetTable
from ngn_core.errors import DatasetError
from ngn_core.plugin.registry import Registry

_LISTED = 5


def open_dataset(source: str, registry: Registry) -> DatasetTable:
    """Return the table that exactly one dataset plugin makes of a source.

    Raises:
        DatasetError: where none opens it, or several would.
    """
    return find_dataset(source, registry).load(source)


def find_dataset(source: str, registry: Registry, flag: str = "--dataset") -> Dataset:
    """Return the one dataset plugin that opens a source.

    Args:
        source: a name, folder or file.
        registry: with the plugins.
        flag: that named it, for messages.

    Raises:
        DatasetError: where none opens it, or several would.
    """
    datasets: list[Any] = registry.components("dataset")
    found = [dataset for dataset in datasets if dataset.opens(source)]
    if len(found) == 1:
        dataset: Dataset = found[0]()
        return dataset
    if found:
        names = ", ".join(dataset.name for dataset in found)
        raise DatasetError(f"{flag} {source}: {names} all open it; rename the source")
    known = "\n".join(f"  {_line(dataset)}" for dataset in datasets)
    raise DatasetError(
        f"{flag} {source}: {_what_is_there(source)}; expected one of\n{known}"
    )


def default_target(table: DatasetTable) -> str:
    """Return the target where the user names none.

    Raises:
        DatasetError: where the dataset has several, or none, and no default.
    """
    if table.default is not None:
        return table.default
    if len(table.targets) == 1:
        return next(iter(table.targets))
    tasks = [
        f"{name} ({target.benchmark.name})"
        for name, target in table.targets.items()
        if target.benchmark is not None
    ]
    if tasks:
        raise DatasetError(
            f"{table.name}: say what to predict with --target, which may be given "
            f"again; it holds {', '.join(tasks)}"
        )
    raise DatasetError(
        f"{table.name}: say what to predict with --target; its columns of numbers are "
        f"{', '.join(table.targets) or 'none'}"
    )


def _line(dataset: Any) -> str:
    """Return the name and the description, which may begin with the name."""
    description: str = dataset.description
    named = description.startswith(f"{dataset.name}:")
    return description if named else f"{dataset.name}: {description}"


def _what_is_there(source: str) -> str:
    """Return what a source is that no dataset plugin opens."""
    path = Path(source).expanduser()
    if not source or not path.exists():
        return "no such name, folder or file"
    if not path.is_dir():
        kind = (
            f"a single {path.suffix} file" if path.suffix else "a file without ending"
        )
        return f"it is {kind}, which no dataset opens"
    kinds = Counter(_kind(entry) for entry in path.iterdir())
    if not kinds:
        return "the folder is empty"
    held = ", ".join(
        f"{count} {kind}{'' if count == 1 else 's'}"
        for kind, count in kinds.most_common(_LISTED)
    )
    if len(kinds) > _LISTED:
        held += ", ..."
    return (
        f"the folder holds no structure file, data.jsonl or id_prop.csv (found {held})"
    )


def _kind(entry: Path) -> str:
    if entry.is_dir():
        return "folder"
    return f"{entry.suffix} file" if entry.suffix else "plain file"
