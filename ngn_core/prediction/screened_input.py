"""What is screened: files of structures, read one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ngn_core.crystal.reading import read_file
from ngn_core.dataset.dataset import Row
from ngn_core.dataset.open import find_dataset
from ngn_core.errors import DatasetError
from ngn_core.plugin.registry import Registry

_SINGLE = (".cif", ".vasp", ".poscar")


def rows_of(source: Path, registry: Registry) -> Iterator[Row]:
    """Return the structures of a source, one by one.

    A folder that is no dataset itself holds files that are, which are read in the
    order of their names.

    Raises:
        DatasetError: where there is none that can be opened; naming the row, where a
            file cannot be read on.
    """
    if not source.exists():
        raise DatasetError(f"--input {source}: no such file or folder")
    if source.is_file() and source.suffix.lower() in _SINGLE:
        read = partial(read_file, source)
        return iter([Row(source.name, str(source), read, {})])
    files = [source] if _opens(source, registry) else _inside(source, registry)
    opened = [(file, find_dataset(str(file), registry, "--input")) for file in files]
    return _streamed([(file, dataset.stream(str(file))) for file, dataset in opened])


def _opens(source: Path, registry: Registry) -> bool:
    datasets: list[Any] = registry.components("dataset")
    return any(dataset.opens(str(source)) for dataset in datasets)


def _inside(folder: Path, registry: Registry) -> list[Path]:
    """Return the files of a folder that can be opened; where there are none, itself."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [f for f in files if f.is_file() and _opens(f, registry)] or [folder]


def _streamed(sources: Sequence[tuple[Path, Iterator[Row]]]) -> Iterator[Row]:
    for file, rows in sources:
        count = 0
        try:
            for row in rows:
                yield row
                count += 1
        except DatasetError as error:
            after = f" (after {count:,} structures of {file.name})" if count else ""
            raise DatasetError(f"{error}{after}") from error


def content_of(source: Path) -> str:
    """Return what tells an input from another: names, sizes and times of its files.

    Files are not read for it.
    """
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    told = [(file.name, file.stat()) for file in files]
    sizes = sum(stat.st_size for _, stat in told)
    latest = max((stat.st_mtime_ns for _, stat in told), default=0)
    return f"{source.resolve()}: {len(told)} files, {sizes} bytes, {latest}"
