"""The registry: all components of all plugins, built once, then frozen."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pluggy

from ngn_core.errors import PluginError
from ngn_core.plugin.kinds import KINDS
from ngn_core.plugin.options import Use
from ngn_core.plugin.origin import Origin


@dataclass(frozen=True)
class Entry:
    """A component with its kind and where it comes from."""

    kind: str
    component: type
    origin: Origin

    @property
    def name(self) -> str:
        """Return the name that `use:` calls it by."""
        name: str = self.component.name  # type: ignore[attr-defined]
        return name


class Registry:
    """Components by kind and name."""

    def __init__(self, entries: Mapping[tuple[str, str], Entry]) -> None:
        self._entries = dict(entries)

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over all entries, by kind, then name."""
        return iter(self._entries[key] for key in sorted(self._entries))

    def get(self, kind: str, name: str) -> Entry | None:
        """Return the entry, or None where no plugin has it."""
        return self._entries.get((kind, name))

    def entry(self, use: Use) -> Entry:
        """Return the entry of a component that a spec chose."""
        return self._entries[use.kind, use.name]

    def names(self, kind: str) -> list[str]:
        """Return the names of a kind, sorted."""
        return sorted(name for found, name in self._entries if found == kind)

    def components(self, kind: str) -> list[type]:
        """Return the classes of a kind, by name."""
        return [self._entries[kind, name].component for name in self.names(kind)]

    def expected(self, kind: str, name: str) -> tuple[str, str | None]:
        """Return what would have been right in place of `name`, and a suggestion."""
        names = self.names(kind)
        close = difflib.get_close_matches(name, names, n=1)
        suggestion = f"Did you mean {close[0]!r}?" if close else None
        return f"a {kind}: one of {', '.join(names)}", suggestion


def collect(manager: pluggy.PluginManager) -> Registry:
    """Ask every plugin for its components and check that they fit together.

    Raises:
        PluginError: for a clash of names, a class without its interface, or a component
            without a name.
    """
    entries: dict[tuple[str, str], Entry] = {}
    installed = {plugin: info.project_name for plugin, info in manager.list_plugin_distinfo()}
    for kind in KINDS.values():
        interface = kind.interface_class()
        for implementation in getattr(manager.hook, kind.hook).get_hookimpls():
            for component in implementation.function():
                origin = installed.get(implementation.plugin)
                entry = _entry(kind.name, interface, component, implementation, origin)
                key = (kind.name, entry.name)
                if key in entries:
                    both = _title(entries[key].component), _title(component)
                    raise PluginError(
                        f"two {kind.name}s are named {entry.name!r}: "
                        f"{both[0]} and {both[1]}; rename one"
                    )
                entries[key] = entry
    return Registry(entries)


def _entry(
    kind: str,
    interface: type,
    component: object,
    implementation: pluggy.HookImpl,
    distribution: str | None,
) -> Entry:
    where = f"{implementation.plugin_name}: {implementation.function.__name__}"
    if not inspect.isclass(component) or not issubclass(component, interface):
        raise PluginError(
            f"{where} returned {component!r}; expected classes derived from "
            f"{_title(interface)}"
        )
    if not isinstance(getattr(component, "name", None), str):
        raise PluginError(f'{_title(component)} has no name; give it `name = "..."`')
    if inspect.isabstract(component):
        missing = ", ".join(sorted(component.__abstractmethods__))
        raise PluginError(f"{_title(component)} does not define {missing}")
    return Entry(kind, component, Origin.of(component, distribution))


def _title(component: type) -> str:
    return f"{component.__module__}.{component.__qualname__}"
