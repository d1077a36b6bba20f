"""The source files whose change can change what a component computes."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

_CORE = frozenset({"ngn", "ngn_core"})
"""Not followed: a change of the core that changes numbers raises RESULTS_VERSION."""

_INSTALLED = frozenset({"site-packages", "dist-packages"})
"""Folders of installed packages, those of the user and of the system included."""


def source_hash(module: ModuleType) -> str:
    """Return 12 hexadecimal digits that change with a module's source.

    The source is the module's file and those of the modules it imports at its top, and
    so on, as far as they are no installed packages, which have versions. Imports inside
    functions and data files are not followed.
    """
    files = {_file(module), *_files(module, set())}
    contents = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return hashlib.sha256("".join(contents).encode()).hexdigest()[:12]


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
    for statement in ast.parse(_file(module).read_bytes()).body:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            relative = "." * statement.level + (statement.module or "")
            name = importlib.util.resolve_name(relative, package)
            yield name
            yield from (f"{name}.{alias.name}" for alias in statement.names)


def _is_followed(module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    if file is None or not file.endswith(".py"):
        return False
    if module.__name__.partition(".")[0] in _CORE:
        return False
    if _INSTALLED & set(Path(file).parts):
        return False
    installed = {sysconfig.get_path(key) for key in ("stdlib", "purelib", "platlib")}
    return not any(Path(file).is_relative_to(folder) for folder in installed)


def _file(module: ModuleType) -> Path:
    assert module.__file__ is not None
    return Path(module.__file__)
