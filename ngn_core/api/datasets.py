"""`ngn.open_dataset`: a dataset as `--dataset` opens it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ngn_core.api.keywords import several
from ngn_core.dataset.dataset import DatasetTable


def open_dataset(
    data: str | Path, *, plugin: str | Path | Sequence[str | Path] = ()
) -> DatasetTable:
    """Return the table of a dataset, as its `dataset.yaml` declares it.

    `row.crystal()` reads the crystal of a row, `row.columns` has all else that it
    holds. `compare` takes the table as it is, or with other rows.

    Args:
        data: name, folder or file, as for `--dataset`.
        plugin: file with datasets, or several.

    Raises:
        DatasetError: where nothing opens it, or what is declared does not fit.
    """
    from ngn_core.dataset.declaration import DeclarationFlags
    from ngn_core.dataset.declare import open_declared
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect

    registry = collect(plugin_manager([Path(file) for file in several(plugin)]))
    return open_declared(str(data), registry, DeclarationFlags())
