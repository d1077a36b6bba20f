"""Loading plugins: installed entry points of the group `ngn`, and single files."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

import pluggy

from ngn_core.errors import PluginError
from ngn_core.plugin import hookspecs


def plugin_manager(
    files: Sequence[Path] = (), *, installed: bool = True
) -> pluggy.PluginManager:
    """Return a manager with the installed plugins and those of `files`.

    Raises:
        PluginError: where a file cannot be imported or a hook is misspelt.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    if installed:
        manager.load_setuptools_entrypoints(hookspecs.PROJECT)
    for file in files:
        manager.register(_load(file), name=str(file))
    try:
        _refuse_unknown_hooks(manager)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(str(error)) from error
    return manager


def _load(file: Path) -> object:
    if not file.is_file():
        raise PluginError(f"--plugin {file}: no such file")
    digest = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:8]
    name = f"ngn_plugin_file_{file.stem}_{digest}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise PluginError(f"--plugin {file}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise PluginError(f"--plugin {file}: {type(error).__name__}: {error}") from error
    return module


def _refuse_unknown_hooks(manager: pluggy.PluginManager) -> None:
    known = {name for name in dir(hookspecs) if name.startswith("ngn_register_")}
    for name, plugin in manager.list_name_plugin():
        hooks = {hook for hook in dir(plugin) if hook.startswith("ngn_register_")}
        for hook in sorted(hooks):
            if hook in known:
                if manager.parse_hookimpl_opts(plugin, hook) is None:
                    raise PluginError(f"plugin {name}: {hook} lacks @ngn.hookimpl")
                continue
            raise PluginError(
                f"plugin {name}: there is no hook {hook}; "
                f"the hooks are {', '.join(sorted(known))}"
            )
