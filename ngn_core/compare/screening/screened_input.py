"""What is screened: files of structures, read one by one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ngn_core.crystal.reading import read_file
from ngn_core.data.open import find_dataset
from ngn_core.errors import DatasetError
from ngn_core.plugin.interfaces.dataset import Row
from ngn_core.plugin.registry import Registry

_SINGLE = (".cif", ".vasp", ".poscar")


def rows_of(source: Path, registry: Registry) -> Iterator[Row]:
    """Return the structures of a source, one by one.

    Raises:
        DatasetError: where there is none that can be opened.
    """
    if not source.exists():
        raise DatasetError(f"--input {source}: no such file or folder")
    if source.is_file() and source.suffix.lower() in _SINGLE:
        read = partial(read_file, source)
        return iter([Row(source.name, str(source), read, {})])
    return find_dataset(str(source), registry).stream(str(source))


def content_of(source: Path) -> str:
    """Return what tells an input from another: names, sizes and times of its files.

    Files are not read for it.
    """
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    told = [(file.name, file.stat()) for file in files]
    sizes = sum(stat.st_size for _, stat in told)
    latest = max((stat.st_mtime_ns for _, stat in told), default=0)
    return f"{source.resolve()}: {len(told)} files, {sizes} bytes, {latest}"
