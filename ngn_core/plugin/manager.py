"""Loading plugins: installed entry points of the group `ngn`, and single files."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pluggy

from ngn_core.errors import PluginError
from ngn_core.plugin import hookspecs
from ngn_core.plugin.file import load_file
from ngn_core.plugin.kinds import KINDS
from ngn_core.plugin.suggest import did_you_mean


class Plugins(pluggy.PluginManager):
    """The plugins that were found.

    Attributes:
        distributions: the installed distribution that each came with, by the plugin's
            name; those from files have none.
    """

    def __init__(self) -> None:
        super().__init__(hookspecs.PROJECT)
        self.add_hookspecs(hookspecs)
        self.distributions: dict[str, str] = {}


def plugin_manager(files: Sequence[Path] = (), *, installed: bool = True) -> Plugins:
    """Return the installed plugins and those of `files`.

    Raises:
        PluginError: where one cannot be imported, or a hook is misspelt.
    """
    plugins = Plugins()
    if installed:
        for point in metadata.entry_points(group=hookspecs.PROJECT):
            _add_installed(plugins, point)
    for file in dict.fromkeys(file.resolve() for file in files):
        _add(plugins, load_file(file), f"--plugin {file}")
    return plugins


def _add_installed(plugins: Plugins, point: metadata.EntryPoint) -> None:
    distribution = "?" if point.dist is None else point.dist.name
    name = f"{distribution}: {point.name}"
    try:
        plugin = point.load()
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"the installed distribution {distribution} has the plugin {point.name}, "
            f"but {point.value} cannot be loaded: {type(error).__name__}: {error}; "
            f"mend or uninstall {distribution}"
        ) from error
    if not plugins.is_registered(plugin):
        plugins.distributions[name] = distribution
        _add(plugins, plugin, name)


def _add(plugins: Plugins, plugin: object, name: str) -> None:
    _check_hooks(plugins, plugin, name)
    try:
        plugins.register(plugin, name)
    except (ValueError, pluggy.PluginValidationError) as error:
        reason = "; ".join(str(error).splitlines())
        raise PluginError(f"{name}: {reason}") from error


def _check_hooks(plugins: Plugins, plugin: object, name: str) -> None:
    """Refuse hooks that pluggy would not see: misspelt, or not marked."""
    known = [kind.hook for kind in KINDS.values()]
    hooks = [key for key in dir(plugin) if _is_meant_as_hook(plugin, key)]
    for hook in hooks:
        if hook not in known:
            suggestion = did_you_mean(hook, known) or ""
            raise PluginError(
                f"{name}: there is no hook {hook}; expected one of "
                f"{', '.join(known)}. {suggestion}".rstrip()
            )
        if plugins.parse_hookimpl_opts(plugin, hook) is None:
            raise PluginError(f"{name}: {hook} lacks the decorator @ngn.hookimpl")
    if not hooks:
        raise PluginError(
            f"{name}: gives no component; expected a function such as {known[1]}, "
            "decorated with @ngn.hookimpl"
        )


def _is_meant_as_hook(plugin: object, key: str) -> bool:
    value = getattr(plugin, key, None)
    marked = hasattr(value, f"{hookspecs.PROJECT}_impl")
    named = key.startswith(f"{hookspecs.PROJECT}_") and inspect.isroutine(value)
    return marked or named
