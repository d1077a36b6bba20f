"""Importing a plugin that is a single file."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType

from ngn_core.errors import PluginError

_PREFIX = "ngn_plugin_file_"


def load_file(file: Path) -> ModuleType:
    """Return the module that a Python file makes.

    Raises:
        PluginError: where there is no such file, or it fails when it is run.
    """
    if not file.is_file():
        raise PluginError(f"--plugin {file}: no such file")
    digest = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:8]
    name = f"{_PREFIX}{file.stem}_{digest}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise PluginError(f"--plugin {file}: expected a Python file, `.py`")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        place = f"{file}{_line(error, file)}"
        reason = f"{type(error).__name__}: {_message(error)}"
        raise PluginError(f"--plugin {place}: {reason}") from error
    return module


def plugin_file(component: type) -> Path | None:
    """Return the `--plugin` file that a class comes from; None for installed ones."""
    if not component.__module__.startswith(_PREFIX):
        return None
    return Path(str(sys.modules[component.__module__].__file__))


def _line(error: BaseException, file: Path) -> str:
    """Return `:line`, the line of the file that the error comes from, where known."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f":{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    return f":{lines[-1]}" if lines else ""


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return error.msg
    return str(error)
