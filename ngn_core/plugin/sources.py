"""The source files whose change can change what a component computes."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from ngn_core.plugin.computing_source import computing_source

_CORE = frozenset({"ngn", "ngn_core"})
"""Not followed: a change of the core that changes numbers raises RESULTS_VERSION."""

_INSTALLED = frozenset({"site-packages", "dist-packages"})
"""Folders of installed packages, those of the user and of the system included."""


def source_hash(module: ModuleType) -> str:
    """Return 12 hexadecimal digits that change with what a module's source computes.

    The source is the module's file and those of the modules it imports at its top, and
    so on, as far as they are no installed packages, which have versions. Imports inside
    functions and data files are not followed. Of each file only what can change a
    number counts, see `computing_source`.
    """
    files = {_file(module), *_files(module, set())}
    contents = sorted(_read(file.read_bytes())[0] for file in files)
    return hashlib.sha256("".join(contents).encode()).hexdigest()[:12]


@cache
def _read(source: bytes) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return a file's hash, and each module that it imports, with names from it."""
    tree = ast.parse(source)
    imports: list[tuple[str, tuple[str, ...]]] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            imports += [(alias.name, ()) for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            relative = "." * statement.level + (statement.module or "")
            imports.append((relative, tuple(alias.name for alias in statement.names)))
    content = hashlib.sha256(computing_source(tree).encode()).hexdigest()
    return content, tuple(imports)


def _files(module: ModuleType, seen: set[str]) -> Iterator[Path]:
    if module.__name__ in seen or not _is_followed(module):
        return
    seen.add(module.__name__)
    yield _file(module)
    for name in _imported(module):
        if name in sys.modules:
            yield from _files(sys.modules[name], seen)


def _imported(module: ModuleType) -> Iterator[str]:
    """Yield the names of modules that a module imports at its top."""
    package = getattr(module, "__package__", None) or ""
    for relative, names in _read(_file(module).read_bytes())[1]:
        name = importlib.util.resolve_name(relative, package)
        yield name
        yield from (f"{name}.{imported}" for imported in names)


def _is_followed(module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    if file is None or not file.endswith(".py"):
        return False
    if module.__name__.partition(".")[0] in _CORE:
        return False
    if _INSTALLED & set(Path(file).parts):
        return False
    return not any(Path(file).is_relative_to(folder) for folder in _library_folders())


@cache
def _library_folders() -> frozenset[str]:
    """Return the folders of Python's own library and of its installed packages."""
    return frozenset(
        sysconfig.get_path(key) for key in ("stdlib", "purelib", "platlib")
    )


def _file(module: ModuleType) -> Path:
    assert module.__file__ is not None
    return Path(module.__file__)
