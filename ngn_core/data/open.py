"""Finding the dataset plugin that opens what `--dataset` names."""

from __future__ import annotations

from typing import Any

from ngn_core.errors import DatasetError
from ngn_core.plugin.interfaces.dataset import Table
from ngn_core.plugin.registry import Registry


def open_dataset(source: str, registry: Registry) -> Table:
    """Return the table that exactly one dataset plugin makes of a source.

    Raises:
        DatasetError: where none opens it, or several would.
    """
    datasets: list[Any] = registry.components("dataset")
    found = [dataset for dataset in datasets if dataset.opens(source)]
    if len(found) == 1:
        table: Table = found[0]().load(source)
        return table
    if found:
        names = ", ".join(dataset.name for dataset in found)
        raise DatasetError(
            f"--dataset {source}: {names} all open it; rename the source"
        )
    known = "\n".join(
        f"  {dataset.name}: {dataset.description}" for dataset in datasets
    )
    raise DatasetError(
        f"--dataset {source}: no such name, folder or file; expected one of\n{known}"
    )


def default_target(table: Table) -> str:
    """Return the target where the user names none: the first that is declared.

    Raises:
        DatasetError: where none is declared.
    """
    if table.targets:
        return next(iter(table.targets))
    columns = sorted(table.rows[0].columns) if table.rows else []
    raise DatasetError(
        f"{table.name}: say what to predict with --target; its columns are "
        f"{', '.join(columns) or 'none'}"
    )
